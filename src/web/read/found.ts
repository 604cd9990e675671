import type { CarrierNote, NothingReason, UnreadReason } from '#core/verify/found-texts.ts'

export type { CarrierNote }

/** What a person offered: a file of any kind, text that was pasted, or what a camera saw. */
export type Offer =
  /** `proof`: a file that lies beside it under the same name, and says that it is its log proof. */
  | { readonly kind: 'file'; readonly name: string; readonly blob: Blob; readonly proof?: Blob }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }

/** Where a record was found. The visible text around it is never evidence. */
export type Carrier = 'record-file' | 'pdf' | 'picture' | 'paper-code' | 'text'

/** A record, or an honest word why there is none. `text` is an SD-JWT as it was carried, `proof` the log proof (C2SP tlog-proof)
 * that came with it; nothing about either has been checked. */
export type Found =
  | { readonly kind: 'record'; readonly text: string; readonly proof?: string; readonly carrier: Carrier; readonly notes: readonly CarrierNote[] }
  | { readonly kind: 'nothing'; readonly why: NothingReason }
  | { readonly kind: 'unread'; readonly why: UnreadReason }

export const nothing = (why: NothingReason): readonly Found[] => [{ kind: 'nothing', why }]
export const unread = (why: UnreadReason): readonly Found[] => [{ kind: 'unread', why }]

export const noted = (found: Found, note: CarrierNote): Found => (found.kind === 'record' ? { ...found, notes: [...found.notes, note] } : found)
