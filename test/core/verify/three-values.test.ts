import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import { statusKinds, type StatusKind } from '#core/status/status-kinds.ts'
import { assembleTrust, type Trust, type TrustFiles } from '#core/trust/assemble-trust.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import { shippedPolicy, type Policy, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { inflate, nodeEngine } from '#custody/engine-node.ts'
import { recognitionDraft, titleDraft } from '../../support/examples.ts'
import { fileOf, makeAlliance, makeShandong, signStatusList } from '../../support/make-alliance.ts'

const shandong = makeShandong()
const { files, iat } = shandong
const jinan = shandong.city('370100')
/** Jinan's place among the files of all cities. */
const own = files.statusLists.findIndex(({ name }) => name === 'status/370100-1.jwt')
const allBut = <Item>(list: readonly Item[], position: number): readonly Item[] => list.toSpliced(position, 1)
const forZibo: Policy = { ...shippedPolicy, recognition: { for: '370300' as never } }

const genuine = shandong.issue('370100', 'title', titleDraft(), { idx: 0 })
const ask = (evidence: string, trust: Trust, at: Instant = shandong.at, policy: Policy = shippedPolicy): Verdict =>
  verify(encodeUtf8(evidence), trust, shandong.rules, at, policy, nodeEngine)

describe('what is missing', () => {
  const recognised = shandong.issue('370300', 'recognition', recognitionDraft(), { idx: 0 })
  const forged = genuine.replace(
    /^([^.]+\.)(.{200}).(.)/,
    (_all, head: string, start: string, after: string) => `${head}${start}${after === 'A' ? 'B' : 'A'}${after}`,
  )
  const revokedFiles: TrustFiles = {
    ...files,
    statusLists: files.statusLists.with(own, fileOf('revoked', signStatusList(jinan, iat, new Map([[0, [{ kind: 'revoked', reason: 'fraud', from: iat }]]])))),
  }
  const worlds = [
    ['a genuine record', genuine, files, 'yes'],
    ['a recognition', recognised, files, 'yes'],
    ['a forged record', forged, files, 'no'],
    ['a revoked record', genuine, revokedFiles, 'no'],
  ] as const
  const kinds = ['allianceLists', 'manifests', 'ruleSets', 'statusLists'] as const

  it.each(worlds)('never turns the answer on %s into another one', (_what, evidence, whole, answer) => {
    expect(ask(evidence, shandong.reassemble(whole).trust).answer).toBe(answer)
    fc.assert(
      fc.property(fc.record({ allianceLists: subset(2), manifests: subset(13), ruleSets: subset(2), statusLists: subset(13) }), (kept) => {
        const some = Object.fromEntries(kinds.map((kind) => [kind, whole[kind].filter((_file, index) => kept[kind].includes(index))]))
        const left = ask(evidence, shandong.reassemble({ ...whole, ...some }).trust).answer
        expect([answer, 'cannot-tell']).toContain(left)
      }),
      { numRuns: 60 },
    )
  })

  it('is told file by file', () => {
    const without = (changes: Partial<TrustFiles>): string => {
      const { answer, checks } = ask(genuine, shandong.reassemble(changes).trust)
      return `${answer} ${checks.find((check) => check.answer !== 'yes')?.reason}`
    }
    expect(without({ manifests: allBut(files.manifests, own) })).toBe('cannot-tell manifest-missing')
    expect(without({ statusLists: allBut(files.statusLists, own) })).toBe('cannot-tell status-list-missing')
    expect(without({ allianceLists: allBut(files.allianceLists, 0) })).toBe('cannot-tell issuer-unnamed')
    expect(without({ ruleSets: [] })).toBe('yes undefined')
  })
})

const subset = (length: number) => fc.subarray(Array.from({ length }, (_, index) => index))

describe('a changed byte', () => {
  const { trust } = shandong

  it('of a record is never a yes: it is a no that names its check, but for a key or an issuer that nobody knows', () => {
    const bytes = Buffer.from(genuine)
    const reasons = new Set<string>()
    for (let position = 0; position < bytes.length; position++) {
      const changed = Buffer.from(bytes)
      changed[position] = bytes[position] === 0x41 ? 0x42 : 0x41
      const { answer, checks } = ask(changed.toString('latin1'), trust)
      const last = checks.at(-1)!
      if (answer === 'no') expect(last.answer).toBe('no')
      else reasons.add(`${answer} ${last.reason}`)
    }
    expect([...reasons]).toEqual(['cannot-tell manifest-older-than-record'])
  })
})

describe('a past instant', () => {
  const from = iat + 3600
  const trustOf = (kind: StatusKind, until?: number): Trust =>
    shandong.reassemble({
      statusLists: files.statusLists.with(
        own,
        fileOf('list', signStatusList(jinan, iat + 7200, new Map([[0, [{ kind, reason: 'x', from, ...(until === undefined ? {} : { until }) }]]]))),
      ),
    }).trust
  const statusAt = (trust: Trust, seconds: number): string => {
    const { checks } = ask(genuine, trust, instantOf(seconds))
    const check = checks.find(({ id }) => id === 'status')!
    return [check.answer, check.reason].join(' ')
  }

  it.each(statusKinds)('sees %s from its first second on, and only what was revoked before that too', (kind) => {
    const trust = trustOf(kind)
    expect(statusAt(trust, from)).toBe(`no status-${kind}`)
    expect(statusAt(trust, iat + 9000)).toBe(`no status-${kind}`)
    expect(statusAt(trust, from - 1)).toBe(kind === 'revoked' ? 'no status-revoked' : 'yes status-before-list')
  })

  it('sees the end of a suspension', () => {
    const trust = trustOf('suspended', from + 100)
    expect([statusAt(trust, from + 99), statusAt(trust, from + 100)]).toEqual(['no status-suspended', 'yes status-before-list'])
  })
})

describe('the same question', () => {
  const questions: readonly (readonly [string, string, Policy])[] = [
    ['a genuine record', genuine, forZibo],
    ['half a record', genuine.slice(0, 700), forZibo],
    ['a record with fewer disclosures', `${genuine.split('~').slice(0, 3).join('~')}~`, { ...forZibo, logProof: 'required' }],
  ]

  it.each(questions)('has the same answer, byte for byte, on every engine and however often it is asked: %s', (_what, evidence, policy) => {
    const once = canonicalJson(ask(evidence, shandong.trust, shandong.at, policy))
    const byNoble = () => {
      const { trust } = assembleTrust(files, nobleEngine, inflate)
      return canonicalJson(verify(encodeUtf8(evidence), trust, prepareRules(trust.ruleSets, nobleEngine), shandong.at, policy, nobleEngine))
    }
    expect(canonicalJson(ask(evidence, shandong.trust, shandong.at, policy))).toBe(once)
    expect(canonicalJson(ask(evidence, makeShandong().trust, shandong.at, policy))).toBe(once)
    expect(byNoble()).toBe(once)
  })

  it('has the same answer in whatever order the files lie', () => {
    const once = canonicalJson(ask(genuine, shandong.trust, shandong.at, forZibo))
    const shuffled = <Item>(items: readonly Item[]) => fc.shuffledSubarray([...items], { minLength: items.length })
    fc.assert(
      fc.property(
        fc.record({
          allianceLists: shuffled(files.allianceLists),
          manifests: shuffled(files.manifests),
          ruleSets: shuffled(files.ruleSets),
          statusLists: shuffled(files.statusLists),
        }),
        (some) => {
          const { trust, rules } = shandong.reassemble({ ...files, ...some })
          expect(canonicalJson(verify(encodeUtf8(genuine), trust, rules, shandong.at, forZibo, nodeEngine))).toBe(once)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('is answered as it was when the verdict was written down', () => {
    const circle = makeAlliance({ cities: ['370100', '370300'], seed: 'golden' })
    const record = circle.issue('370100', 'title', titleDraft())
    const verdict = verify(encodeUtf8(record), circle.trust, circle.rules, circle.at, forZibo, nodeEngine)
    const golden = (name: string): string => readFileSync(new URL(`../../vectors/verdict/${name}`, import.meta.url), 'utf8')
    expect(`${record}\n`).toBe(golden('title.sd-jwt'))
    expect(`${JSON.stringify(verdict, null, 2)}\n`).toBe(golden('title.verdict.json'))
  })
})
