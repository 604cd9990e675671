import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { asObject, asText, parseJson, type JsonObject } from '#core/encoding/parse-json.ts'
import { decodeBase64url } from '#core/encoding/base64url.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { digestOf } from '#core/model/digest.ts'
import { dayOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { SignedRuleSet } from '#core/trust/signed-rule-set.ts'
import { statusAsOfInstant, type Knowledge } from '#core/views/status-as-of.ts'
import { listEventsOfList } from '#storage/status-events.ts'
import { findStatusList } from '#storage/status-lists.ts'
import { genesisOf, refuseFuture } from '../genesis.ts'
import type { Office } from '../office.ts'
import type { TrustDesk } from '../trust-desk.ts'
import { sayIt } from '../views/stating-key.ts'
import { heldAsOf, type HeldFile, type HeldThen } from './held-as-of.ts'

/** What is asked about: everything that was held, or a part of it. */
export type AsOfQuestion =
  | { readonly kind: 'all' }
  | { readonly kind: 'manifest' }
  | { readonly kind: 'rules' }
  | { readonly kind: 'alliance'; readonly subject: string }
  | { readonly kind: 'status'; readonly no: number; readonly known: Knowledge }

/** `content` as it was signed; of a status list the JSON that says how it stood. */
export interface AsOfFile {
  readonly kind: 'manifest' | 'alliance' | 'rules' | 'freshness' | 'status'
  readonly subject: string
  readonly version?: number
  /** SHA-256 of `content` (UTF-8), base64url. */
  readonly digest: string
  readonly content: string
}

/**
 * What this node says today of an instant in the past. `before-genesis`: there was no node. `not-held`: there was one, and it held nothing of the
 * kind, or did not yet keep versions.
 */
export interface AsOfAnswer {
  readonly asOf: Instant
  readonly saidAt: Instant
  readonly genesis: Instant
  readonly kind: AsOfQuestion['kind']
  readonly subject: string
  readonly outcome: 'held' | 'not-held' | 'before-genesis'
  readonly files: readonly AsOfFile[]
  /** All of this but the contents, each by its digest, as a compact JWS (`typ: comity-as-of+jwt`) under the status key. */
  readonly signed: string
}

type Telling = Pick<Office, 'authority' | 'store' | 'engine' | 'clock' | 'keyring' | 'deflateList'>

/** Faults: `instant-in-future`, `node-not-ready`. */
export async function tellAsOf(office: Telling, desk: TrustDesk, at: Instant, question: AsOfQuestion): Promise<AsOfAnswer> {
  refuseFuture(at, office, 'instant')
  const genesis = await genesisOf(office)
  const files = secondsOf(at) < secondsOf(genesis) ? undefined : await filesOf(office, at, question)
  const statement = {
    asOf: at,
    saidAt: office.clock(),
    genesis,
    kind: question.kind,
    subject: subjectOf(office, question),
    outcome: files === undefined ? ('before-genesis' as const) : files.length === 0 ? ('not-held' as const) : ('held' as const),
  }
  const given = files ?? []
  const named = given.map(({ kind, subject, version, digest }) => ({ kind, subject, ...(version === undefined ? {} : { version }), digest }))
  const { trust } = await desk.current()
  const signed = sayIt(office, trust, 'comity-as-of+jwt', { ...statement, files: named } satisfies JsonObject)
  return { ...statement, files: given, signed }
}

function subjectOf({ authority: { iss } }: Pick<Office, 'authority'>, question: AsOfQuestion): string {
  if (question.kind === 'alliance') return question.subject
  return question.kind === 'status' ? `${iss}/status/${question.no}` : iss
}

async function filesOf(office: Telling, at: Instant, question: AsOfQuestion): Promise<readonly AsOfFile[]> {
  if (question.kind === 'status') return statusOf(office, at, question)
  const held = await heldAsOf(office, at)
  return chosen(held, question, office.authority.iss, at).map(({ kind, subject, version, bytes }) => {
    const content = decodeUtf8(bytes)
    const counted = version ?? versionOf(content)
    return { kind: kind as Exclude<typeof kind, 'status-list'>, subject, version: counted, digest: digestOf(content, office.engine), content } // none is held by kind
  })
}

function chosen({ manifests, allianceLists, ruleSets }: HeldThen, { kind, ...question }: AsOfQuestion, iss: string, at: Instant): readonly HeldFile[] {
  const inForce = inForceOn(ruleSets, dayOf(at))
  switch (kind) {
    case 'manifest':
      return manifests.filter(({ subject }) => subject === iss)
    case 'alliance':
      return allianceLists.filter(({ subject }) => 'subject' in question && subject === question.subject)
    case 'rules':
      return inForce
    case 'status':
    case 'all':
      return [...manifests, ...allianceLists, ...inForce]
  }
}

/** Of each rule set the newest version that had begun, unless it had ended: one version ends where the next begins. */
function inForceOn(ruleSets: readonly HeldFile[], day: string): readonly HeldFile[] {
  const dated = ruleSets.map((file) => ({ file, ...datesOf(file) })).filter(({ from }) => from <= day)
  return dated
    .filter(
      ({ file, until }) =>
        !dated.some((other) => other.file.subject === file.subject && (other.file.version ?? 0) > (file.version ?? 0)) && (until === undefined || day < until),
    )
    .map(({ file }) => file)
}

function datesOf({ bytes, name }: HeldFile): { readonly from: string; readonly until: string | undefined } {
  const payload = asText(asObject(parseJson(bytes, generalLimits), 'jws-malformed', name)['payload'], 'jws-malformed', name)
  const { ruleSet } = parseOrFault(SignedRuleSet, parseJson(decodeBase64url(payload, name), generalLimits), 'trust-malformed', name)
  return { from: ruleSet.from, until: ruleSet.until ?? undefined }
}

/** Of a manifest that this node has signed and kept. */
const versionOf = (jws: string): number => Number(asObject(parseJson(decodeBase64url(jws.split('.')[1] ?? '')), 'jws-malformed', 'manifest')['version'])

async function statusOf(
  { authority, store, engine, deflateList }: Telling,
  at: Instant,
  { no, known }: Extract<AsOfQuestion, { readonly kind: 'status' }>,
): Promise<readonly AsOfFile[]> {
  const list = await findStatusList(store.read, { no })
  if (list === undefined) return []
  const subject = `${authority.iss}/status/${no}`
  const content = canonicalJson(statusAsOfInstant({ uri: subject, places: list.places }, await listEventsOfList(store.read, { no }), at, known, deflateList))
  return [{ kind: 'status', subject, digest: digestOf(content, engine), content }]
}
