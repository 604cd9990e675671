import { Fault } from '#core/fault.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import type { Writer } from '#storage/open-store.ts'
import { queueTakenDown } from '#storage/record-keys.ts'
import { closeSigningKey, listSigningKeys, worsenClosing, type SigningKey } from '#storage/signing-keys.ts'
import { listStatusLists, markListsDirty } from '#storage/status-lists.ts'
import { newestInForce, openKeyring } from './keyring.ts'
import { custodyOf, insertNewest, newKey, type Custody } from './new-key.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'
import { manifestPath, publishManifest, publishStatusLists, statusListPath } from './publish.ts'
import { recordsOfKey, timeOfRecords, type TimeOfRecords } from './records-of-key.ts'
import type { KeyEffect } from './rotate-key.ts'

export interface Closing {
  readonly reason: 'superseded' | 'ceased' | 'compromised'
  /** Since when somebody else may have signed with it; required when it was compromised. */
  readonly compromisedSince?: Instant | undefined
}

/** What `closeKey` or, with `replace`, `compromiseKey` will do. Faults: theirs. */
export async function effectOfClosing(office: Office, kid: string, closing: Closing, replace = false): Promise<KeyEffect> {
  checkClosing(office, closing)
  const keys = await listSigningKeys(office.store.read, {})
  const key = requireClosable(keys, kid, closing, office, replace)
  const lists = key.use === 'status' ? (await listStatusLists(office.store.read, {})).map(({ no }) => statusListPath(no)) : []
  const records = key.use === 'issue' ? await recordsOfKey(office, key, closing.compromisedSince ?? office.clock()) : null
  return {
    kid,
    use: key.use,
    // Whoever stops using a key takes nothing down: what is not in the log yet becomes doubtful and is not issued again.
    records: records === null || closing.compromisedSince !== undefined ? records : { ...records, toReissue: 0 },
    signedAnew: [manifestPath, ...lists],
    endsTokens: key.use === 'token',
    replaced: replace && needsSuccessor(keys, key, office),
  }
}

/** Closes a key for good. A closed key is never dropped from the manifest: what it signed must stay explicable. */
export async function closeKey(office: Office, request: Request, kid: string, closing: Closing): Promise<{ readonly kid: string }> {
  await shutKey(office, request, kid, closing)
  return { kid }
}

export interface Compromised {
  readonly kid: string
  /** The key that took its place; null where a newer one was there already. */
  readonly successor: string | null
}

/**
 * Closes a key that somebody else may have signed with, and puts a new one in its place at once. What was there before `since` stays good;
 * the bureau's own records after it are queued to be issued again. A key that was closed for another reason may turn out to have been compromised.
 */
export async function compromiseKey(office: Office, request: Request, kid: string, since: Instant, custody?: Custody): Promise<Compromised> {
  const closing = { reason: 'compromised', compromisedSince: since } as const
  const keys = await listSigningKeys(office.store.read, {})
  checkClosing(office, closing)
  const key = requireClosable(keys, kid, closing, office, true)
  const now = secondsOf(office.clock())
  const next = needsSuccessor(keys, key, office)
    ? await newKey(office, { use: key.use as Exclude<typeof key.use, 'list'>, custody: custody ?? custodyOf(keys, key.use), authority: office.authority, now }) // no key of use `list` is ever made
    : undefined
  await shutKey(office, request, kid, closing, next)
  return { kid, successor: next?.kid ?? null }
}

async function shutKey(office: Office, request: Request, kid: string, closing: Closing, successor?: SigningKey): Promise<void> {
  checkClosing(office, closing)
  const now = secondsOf(office.clock())
  const since = closing.compromisedSince
  // Before the transaction: what was cosigned before that instant does not change any more.
  const before = await listSigningKeys(office.store.read, {})
  const time = since === undefined ? undefined : await timeOfRecords(office, requireClosable(before, kid, closing, office, successor !== undefined), since)
  const { use } = await office.store.atomically(async (tx) => {
    const key = requireClosable(await listSigningKeys(tx, {}), kid, closing, office, successor !== undefined)
    if (successor !== undefined) await insertNewest(tx, [successor])
    const closed = await closeSigningKey(tx, {
      kid,
      closedAt: now,
      closedReason: closing.reason,
      compromisedSince: since === undefined ? null : secondsOf(since),
    })
    if (!closed && !(since !== undefined && (await worsenClosing(tx, { kid, since: secondsOf(since) })))) throw new Fault('key-revoked', { at: kid })
    await publishManifest(tx, office)
    // Its lists are worth nothing now. If we die before they are signed anew, whoever publishes next finds them marked.
    if (key.use === 'status')
      await markListsDirty(
        tx,
        (await listStatusLists(tx, {})).map(({ no }) => no),
      )
    if (time !== undefined && key.use === 'issue') await queueAgain(tx, office, kid, time)
    const action = successor === undefined ? 'close-key' : 'compromise-key'
    await audit(tx, office, {
      actor: request.actor,
      action,
      subject: kid,
      reason: closing.reason,
      ...(successor === undefined ? {} : { detail: { since: since!, successor: successor.kid } }),
    })
    return key
  })
  if (use !== 'status') return
  const keyring = await openKeyring(office, await listSigningKeys(office.store.read, {}), now)
  await publishStatusLists({ ...office, keyring })
}

const queueAgain = (tx: Writer, office: Pick<Office, 'clock'>, kid: string, { basis, which }: TimeOfRecords): Promise<unknown> =>
  queueTakenDown(tx, basis, { ...which, reason: 'key-compromised', kid, at: secondsOf(office.clock()) })

function checkClosing({ clock }: Pick<Office, 'clock'>, { reason, compromisedSince }: Closing): void {
  if ((reason === 'compromised') !== (compromisedSince !== undefined)) throw new Fault('request-malformed', { at: 'compromisedSince' })
  if (compromisedSince !== undefined && compromisedSince > clock()) throw new Fault('request-malformed', { at: 'compromisedSince', detail: 'in the future' })
}

/** Faults: `key-use-differs` for one that is not ours to close, `key-revoked` for one that is closed no less gravely, `key-last-of-use`. */
function requireClosable(
  keys: readonly SigningKey[],
  kid: string,
  { compromisedSince }: Closing,
  { clock }: Pick<Office, 'clock'>,
  replace: boolean,
): SigningKey {
  const key = keys.find((each) => each.kid === kid)
  if (key === undefined || key.use === 'authority') throw new Fault('key-use-differs', { at: kid })
  const graver = compromisedSince !== undefined && (key.compromisedSince === null || secondsOf(compromisedSince) < key.compromisedSince)
  if (key.closedAt !== null && !graver) throw new Fault('key-revoked', { at: kid })
  // Without a key of each use the node could do nothing of that kind any more.
  const others = keys.filter((other) => other.use === key.use && other.kid !== kid && other.closedAt === null && secondsOf(clock()) < other.notAfter)
  if (!replace && others.length === 0 && key.closedAt === null) throw new Fault('key-last-of-use', { at: kid })
  return key
}

/** When it is the one that signs. An older key may be where this one was, so it does not come back instead. */
const needsSuccessor = (keys: readonly SigningKey[], key: SigningKey, { clock }: Pick<Office, 'clock'>): boolean =>
  key.closedAt === null && (newestInForce(keys, key.use, secondsOf(clock()))?.kid ?? key.kid) === key.kid
