import { canonicalJson } from '../encoding/canonical-json.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import type { Judgement, LedgerDraft } from './judgement.ts'

type Sha256 = (bytes: Uint8Array) => Uint8Array

export const digestBytes = 16

/**
 * What a draft says, in 16 bytes: two drafts have one digest if and only if a re-import would issue the same record again.
 * Notes are left out. A digest of personal data is personal data: it is compared in memory and never stored bare.
 */
export function contentDigest({ family, number, issuedBy, body, personal }: LedgerDraft, sha256: Sha256): Uint8Array {
  return sha256(encodeUtf8(canonicalJson({ family, number, issuedBy, body, personal }))).subarray(0, digestBytes)
}

/** Whose draft it is, in 16 bytes: identity document and name. One document number under two names is two people until somebody has looked. */
function personDigest({ personal }: LedgerDraft, sha256: Sha256): Uint8Array {
  return sha256(encodeUtf8(canonicalJson([personal['identity'], personal['name']]))).subarray(0, digestBytes)
}

/** Judges a row against the earlier rows of its file. Only rows that are not refused count as earlier ones: a refused row has claimed nothing. */
export type RepeatTracker = (row: number, judgement: Judgement) => Judgement

const slotBytes = 2 * digestBytes + 4

/**
 * A tracker for one file. It keeps the number and 36 bytes of each good row and nothing else: a million rows cost some
 * 150 MB less than their drafts would.
 */
export function trackRepeats(sha256: Sha256): RepeatTracker {
  const slots = new Map<string, number>()
  let kept = new Uint8Array(1024 * slotBytes)

  const same = (slot: number, offset: number, digest: Uint8Array): boolean => {
    const from = slot * slotBytes + offset
    for (let index = 0; index < digestBytes; index++) if (kept[from + index] !== digest[index]) return false
    return true
  }
  const rowOf = (slot: number): number => new DataView(kept.buffer).getUint32(slot * slotBytes + 2 * digestBytes)

  return (row, judgement) => {
    const { draft, findings } = judgement
    if (draft === undefined) return judgement
    const content = contentDigest(draft, sha256)
    const person = personDigest(draft, sha256)
    const slot = slots.get(draft.number)
    if (slot !== undefined) {
      const code = same(slot, 0, content) ? 'row-repeated' : same(slot, digestBytes, person) ? 'number-repeated' : 'number-of-another-person'
      return { outcome: 'refused', findings: [...findings, { column: code === 'row-repeated' ? 'row' : 'number', code, severity: 'refusal', earlierRow: rowOf(slot) }] }
    }
    const next = slots.size
    if ((next + 1) * slotBytes > kept.length) {
      const grown = new Uint8Array(kept.length * 2)
      grown.set(kept)
      kept = grown
    }
    kept.set(content, next * slotBytes)
    kept.set(person, next * slotBytes + digestBytes)
    new DataView(kept.buffer).setUint32(next * slotBytes + 2 * digestBytes, row)
    slots.set(draft.number, next)
    return judgement
  }
}
