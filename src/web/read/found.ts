/** What a person offered: a file of any kind, text that was pasted, or what a camera saw. */
export type Offer =
  | { readonly kind: 'file'; readonly name: string; readonly blob: Blob }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }

/** Where a record was found. The visible text around it is never evidence. */
export type Carrier = 'record-file' | 'pdf' | 'picture' | 'paper-code' | 'text'

/** What must be said beside the verdict, although it concerns the carrier and not the record. */
export type CarrierNote = 'several-records' | 'pdf-changed-after-issue' | 'other-attachments' | 'other-codes'

/** Why there is nothing to check. Not a word about forgery: a picture of a cat is not a forged certificate. */
export type NothingReason = 'file-empty' | 'format-unknown' | 'pdf-without-record' | 'picture-without-code' | 'code-of-something-else' | 'text-without-record'

/** Why it could not be looked at now: another copy, another program or a newer page may be able to. */
export type UnreadReason =
  | 'file-too-large'
  | 'file-unreadable'
  | 'pdf-encrypted'
  | 'pdf-damaged'
  | 'picture-too-large'
  | 'picture-damaged'
  | 'svg-refused'
  | 'code-damaged'
  | 'code-too-new'
  | 'reader-unavailable'

/** A record, or an honest word why there is none. `text` is an SD-JWT as it was carried; nothing about it has been checked. */
export type Found =
  | { readonly kind: 'record'; readonly text: string; readonly carrier: Carrier; readonly notes: readonly CarrierNote[] }
  | { readonly kind: 'nothing'; readonly why: NothingReason }
  | { readonly kind: 'unread'; readonly why: UnreadReason }
