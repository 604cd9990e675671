import type { Draft } from '../credential/family.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import type { Judgement } from './judgement.ts'

type Sha256 = (bytes: Uint8Array) => Uint8Array

const digestBytes = 16

/**
 * What a draft says, in 16 bytes: two drafts have one digest if and only if a re-import would issue the same record again.
 * Notes and the issuer's name as the ledger spells it are left out. A digest of personal data is personal data: it is
 * compared, and never shown.
 */
export function contentDigest({ number, body, personal }: Draft, sha256: Sha256): Uint8Array {
  return sha256(encodeUtf8(canonicalJson({ body, number, personal }))).subarray(0, digestBytes)
}

/** Whose draft it is, in 16 bytes: identity document and name. One document number under two names is two people until somebody has looked. */
function personDigest({ personal }: Draft, sha256: Sha256): Uint8Array {
  return sha256(encodeUtf8(JSON.stringify([personal['identity'], personal['name']]))).subarray(0, digestBytes)
}

/** Judges a row against the earlier rows of its file. Only rows that are not refused count as earlier ones: a refused row has claimed nothing. */
export type RepeatTracker = (row: number, judgement: Judgement) => TrackedJudgement

/** A judgement with the digest of its draft, which whoever registers the draft compares with what is registered. */
export interface TrackedJudgement extends Judgement {
  /** Present if and only if there is a draft. */
  readonly digest?: Uint8Array
}

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
      return {
        outcome: 'refused',
        findings: [...findings, { column: code === 'row-repeated' ? 'row' : 'number', code, severity: 'refusal', earlierRow: rowOf(slot) }],
      }
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
    // A text cut out of a file's chunk keeps the whole chunk alive in V8; a key that is decoded anew stands alone.
    slots.set(decodeUtf8(encodeUtf8(draft.number)), next)
    return { ...judgement, digest: content }
  }
}
