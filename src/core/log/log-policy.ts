import { readText, refuseAs } from './lines.ts'
import type { Cosignature } from './cosignature.ts'
import { readVerifierKey, verifierKeyLine, type NoteKey, type NoteKeyType } from './note-key.ts'

/** Which logs and witnesses a verifier believes, and how many of them (C2SP tlog-policy). */
export interface LogPolicy {
  readonly logs: readonly { readonly key: NoteKey; readonly url?: string | undefined }[]
  readonly witnesses: readonly { readonly name: string; readonly key: NoteKey; readonly url?: string | undefined }[]
  /** Each names only what stands before it: witnesses, and groups above it in this list. */
  readonly groups: readonly LogPolicyGroup[]
  /** The name of a witness or group, or `none`: no cosignature is asked for. */
  readonly quorum: string
}

export interface LogPolicyGroup {
  readonly name: string
  /** How many of the members must have cosigned. */
  readonly threshold: number
  readonly members: readonly string[]
}

const none = 'none'
const mostBytes = 64 * 1024

const refuse = refuseAs('log-policy-malformed')

/**
 * Reads a policy. Names and addresses are taken as they are, and compared code point by code point; the file must be UTF-8, which the
 * specification only recommends, and each key of a type that is used here. Faults: `log-policy-malformed` with the line, `log-key-malformed`,
 * `key-weak`, `bytes-too-many`, `text-not-utf8`.
 */
export function readLogPolicy(given: string | Uint8Array): LogPolicy {
  const text = readText(given, mostBytes, refuse, true)
  const draft = openDraft()
  for (const [index, line] of text.split('\n').entries()) {
    const at = `line ${index + 1}`
    if (line.includes('\u007f')) throw refuse(at, 'a control character')
    const items = line.split(/[ \t]+/).filter((item) => item !== '')
    if (items[0] === undefined || items[0].startsWith('#')) continue
    draft.take(items[0], items.slice(1), at)
  }
  return draft.policy()
}

/** Writes a policy, and reads what was written, so that none goes out that says something else. Fault `log-policy-malformed`. */
export function logPolicyText(policy: LogPolicy): string {
  const lines = linesOf(policy)
  const text = lines.map((items) => `${items.join(' ')}\n`).join('')
  if (JSON.stringify(linesOf(readLogPolicy(text))) !== JSON.stringify(lines)) throw refuse('policy', 'a name or address that is two')
  return text
}

function linesOf({ logs, witnesses, groups, quorum }: LogPolicy): readonly (readonly string[])[] {
  const place = (url: string | undefined): readonly string[] => (url === undefined ? [] : [url])
  return [
    ...logs.map(({ key, url }) => ['log', verifierKeyLine(key), ...place(url)]),
    ...witnesses.map(({ name, key, url }) => ['witness', name, verifierKeyLine(key), ...place(url)]),
    ...groups.map(({ name, threshold, members }) => ['group', name, `${threshold}`, ...members]),
    ['quorum', quorum],
  ]
}

/** Whether the quorum has cosigned. With `none` it always has. */
export const quorumMet = (policy: LogPolicy, cosignatures: readonly Pick<Cosignature, 'key' | 'at'>[]): boolean =>
  policy.quorum === none || quorumTime(policy, cosignatures) !== undefined

/**
 * The earliest time by which the quorum had cosigned, seconds since 1970: of a group of k, the k-th smallest of its members' times. So no
 * k - 1 witnesses together can make it earlier than an honest one saw the checkpoint. `undefined` where the quorum has not cosigned, and where
 * the policy asks for `none`, since then nobody says when.
 */
export function quorumTime({ witnesses, groups, quorum }: LogPolicy, cosignatures: readonly Pick<Cosignature, 'key' | 'at'>[]): number | undefined {
  const times = new Map<string, number>()
  for (const { name, key } of witnesses) {
    const given = cosignatures.filter((cosignature) => cosignature.key.key.kid === key.key.kid).map(({ at }) => at)
    if (given.length > 0) times.set(name, Math.min(...given))
  }
  // Members stand before their group, so one pass is enough.
  for (const { name, threshold, members } of groups) {
    const given = members.flatMap((member) => times.get(member) ?? []).toSorted((a, b) => a - b)
    const at = given[threshold - 1]
    if (at !== undefined) times.set(name, at)
  }
  return times.get(quorum)
}

interface Draft {
  readonly take: (keyword: string, items: readonly string[], at: string) => void
  readonly policy: () => LogPolicy
}

function openDraft(): Draft {
  const logs: LogPolicy['logs'][number][] = []
  const witnesses: LogPolicy['witnesses'][number][] = []
  const groups: LogPolicyGroup[] = []
  const names = new Set<string>()
  const members = new Set<string>()
  let quorum: string | undefined

  const keyOf = (text: string, type: NoteKeyType, others: readonly { readonly key: NoteKey }[], at: string): NoteKey => {
    const key = readVerifierKey(text)
    if (key.type !== type) throw refuse(at, `a key of type ${key.type}`)
    // The same key under another name would be counted as another.
    if (others.some((other) => other.key.key.kid === key.key.kid)) throw refuse(at, 'a key that stands above')
    return key
  }
  const define = (name: string, at: string): void => {
    if (name === none || names.has(name)) throw refuse(at, 'a name that is taken')
    names.add(name)
  }
  const takeGroup = ([name, text, ...listed]: readonly string[], at: string): void => {
    if (name === undefined || text === undefined || listed.length === 0) throw refuse(at, 'no members')
    for (const member of listed) {
      if (!names.has(member)) throw refuse(at, 'a member that is not defined above')
      // Each witness counts in one way only.
      if (members.has(member)) throw refuse(at, 'a member of two groups, or twice of one')
      members.add(member)
    }
    const threshold = text === 'all' ? listed.length : text === 'any' ? 1 : /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : 0
    if (threshold < 1 || threshold > listed.length) throw refuse(at, `a threshold that is not 1 to ${listed.length}`)
    define(name, at)
    groups.push({ name, threshold, members: listed })
  }

  return {
    take: (keyword, items, at) => {
      const [first, second, third] = items
      if (keyword === 'log' && first !== undefined && items.length <= 2)
        logs.push({ key: keyOf(first, 'ed25519', logs, at), ...(second === undefined ? {} : { url: second }) })
      else if (keyword === 'witness' && first !== undefined && second !== undefined && items.length <= 3) {
        const key = keyOf(second, 'cosignature-v1', witnesses, at)
        define(first, at)
        witnesses.push({ name: first, key, ...(third === undefined ? {} : { url: third }) })
      } else if (keyword === 'group') takeGroup(items, at)
      else if (keyword === 'quorum' && first !== undefined && items.length === 1) {
        if (quorum !== undefined) throw refuse(at, 'a second quorum')
        if (first !== none && !names.has(first)) throw refuse(at, 'a quorum that is not defined above')
        quorum = first
      } else throw refuse(at, 'not a line of a policy')
    },
    policy: () => {
      if (quorum === undefined) throw refuse('policy', 'no quorum')
      return { logs, witnesses, groups, quorum }
    },
  }
}
