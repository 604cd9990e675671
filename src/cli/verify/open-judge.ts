import { parseJson } from '#core/encoding/parse-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import type { Instant } from '#core/model/instant.ts'
import { allOf, type Truth } from '#core/model/truth.ts'
import { assembleTrust, type RefusedFile, type Trust, type TrustFiles } from '#core/trust/assemble-trust.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import type { Evidence, Policy, Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { inflate, nodeEngine } from '#custody/engine-node.ts'

/** What all records of one run are asked. */
export interface Question {
  readonly at: Instant
  readonly policy: Policy
}

export interface Judge {
  readonly judge: (item: Uint8Array) => Verdict
  readonly trust: Trust
  readonly refused: readonly RefusedFile[]
}

/** Trust files are assembled once; each record then costs its own verification and nothing more. */
export function openJudge(files: TrustFiles, { at, policy }: Question): Judge {
  const { trust, refused } = assembleTrust(files, nodeEngine, inflate)
  const rules = prepareRules(trust.ruleSets, nodeEngine)
  return { judge: (item) => verify(evidenceIn(item), trust, rules, at, policy, nodeEngine), trust, refused }
}

const [quote, brace] = [0x22, 0x7b]
const limits = { bytes: 128 * 1024, depth: 8 }

/** The record itself, where it stands as a JSON text or as the member `record` of an object, there with its `proof`. What is neither is judged as it is. */
function evidenceIn(item: Uint8Array): Uint8Array | Evidence {
  if (item[0] !== quote && item[0] !== brace) return item
  try {
    const value = parseJson(item, limits)
    const record = value !== null && typeof value === 'object' && 'record' in value ? value.record : value
    if (typeof record !== 'string') return item
    const proof = value !== null && typeof value === 'object' && 'proof' in value && typeof value.proof === 'string' ? encodeUtf8(value.proof) : undefined
    return { record: encodeUtf8(record.trim()), proof }
  } catch (fault) {
    if (fault instanceof Fault) return item
    throw fault
  }
}

/** The gravest of authenticity and, where it was asked, recognition: what the exit code says. */
export const gravestOf = ({ answer, recognition }: Verdict): Truth => (recognition === null ? answer : allOf([answer, recognition.answer]))
