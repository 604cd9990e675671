import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { logPolicyText, quorumMet, quorumTime, readLogPolicy } from '#core/log/log-policy.ts'
import { verifierKeyText } from '#core/log/signed-note.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import { signerNamed } from './signers.ts'

const keyOf = (name: string) => signerNamed(name, 'cosignature-v1').key
const vkey = (name: string, type: 'ed25519' | 'cosignature-v1' = 'cosignature-v1', seedOf = name): string =>
  verifierKeyText(signerNamed(name, type, seedOf).key, nodeEngine.sha256)
const log = vkey('example.com/log', 'ed25519')
const [w1, w2, w3, w4, w5, w6] = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'].map((name) => vkey(name)) as [string, string, string, string, string, string]

/** The example of the specification, its keys filled in. */
const example = `log ${log}

witness X1 ${w1}
witness X2 ${w2}
witness X3 ${w3}
group X-witnesses 2 X1 X2 X3

witness Y1 ${w4}
witness Y2 ${w5}
witness Y3 ${w6}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`
const at = (times: Readonly<Record<string, number>>) => Object.entries(times).map(([name, time]) => ({ key: keyOf(name), at: time }))

describe('a log policy', () => {
  it('is read as the specification shows one', () => {
    const policy = readLogPolicy(example)
    expect(policy.logs).toEqual([{ key: signerNamed('example.com/log').key }])
    expect(policy.witnesses.map(({ name, key }) => [name, key.name])).toEqual([
      ['X1', 'w1'],
      ['X2', 'w2'],
      ['X3', 'w3'],
      ['Y1', 'w4'],
      ['Y2', 'w5'],
      ['Y3', 'w6'],
    ])
    expect(policy.groups).toEqual([
      { name: 'X-witnesses', threshold: 2, members: ['X1', 'X2', 'X3'] },
      { name: 'Y-witnesses', threshold: 1, members: ['Y1', 'Y2', 'Y3'] },
      { name: 'X-and-Y', threshold: 2, members: ['X-witnesses', 'Y-witnesses'] },
    ])
    expect(policy.quorum).toBe('X-and-Y')
  })

  // The cases of transparency-dev/formats, policy/tlog_policy_test.go (Apache-2.0), but for those of key types that are not used here.
  it('may have white space, comments, addresses, and any word but none for a name', () => {
    expect(readLogPolicy('quorum none\n')).toEqual({ logs: [], witnesses: [], groups: [], quorum: 'none' })
    expect(readLogPolicy(`\n# comment\n\t # another comment\n\twitness \t w1  ${w1}   https://w1.example.com/  \n\n  quorum\tw1`)).toMatchObject({
      witnesses: [{ name: 'w1', url: 'https://w1.example.com/' }],
      quorum: 'w1',
    })
    expect(readLogPolicy(`log ${log} https://log.example.com/\nquorum none\n`).logs).toMatchObject([{ url: 'https://log.example.com/' }])
    expect(readLogPolicy(`witness 烟台K ${w1}\nquorum 烟台K\n`).quorum).toBe('烟台K')
    expect(readLogPolicy(`witness all ${w1}\nwitness any ${w2}\ngroup group 2 all any\nquorum group\n`).groups).toEqual([
      { name: 'group', threshold: 2, members: ['all', 'any'] },
    ])
  })

  it('compares names code point by code point', () => {
    expect(faultOf(() => readLogPolicy(`witness K ${w1}\nquorum \u212a\n`))).toBe('log-policy-malformed')
    expect(readLogPolicy(`witness K ${w1}\nwitness \u212a ${w2}\nquorum \u212a\n`).witnesses).toHaveLength(2)
  })

  it('is refused where it is ambiguous or says nothing', () => {
    const refused: readonly (readonly [string, string])[] = [
      ['nothing', ''],
      ['a control character', 'quorum none\n\u0001'],
      ['a carriage return', 'quorum none\r\n'],
      ['DEL', 'quorum none\n#\u007f\n'],
      ['an unknown keyword', 'quibble w1\nquorum none\n'],
      ['a comment after an item', `witness w1 ${w1} https://w1.example.com/ # comment\nquorum w1\n`],
      ['a log without a key', 'log\nquorum none\n'],
      ['a log under a witness’s key', `log ${w1}\nquorum none\n`],
      ['one log twice', `log ${log}\nlog ${log} https://log.example.com/\nquorum none\n`],
      ['one log’s key under another name', `log ${log}\nlog ${vkey('other.example', 'ed25519', 'example.com/log')}\nquorum none\n`],
      ['a witness without a key', 'witness w1\nquorum none\n'],
      ['a witness under a log’s key', `witness w1 ${log}\nquorum w1\n`],
      ['a witness named none', `witness none ${w1}\nquorum none\n`],
      ['one name twice', `witness w1 ${w1}\nwitness w1 ${w2}\nquorum w1\n`],
      ['one key twice', `witness w1 ${w1}\nwitness w2 ${vkey('impostor.example', 'cosignature-v1', 'w1')}\nquorum w1\n`],
      ['a group named as a witness', `witness w1 ${w1}\ngroup w1 any w1\nquorum w1\n`],
      ['a group without members', `witness w1 ${w1}\ngroup g1 1\nquorum w1\n`],
      ['a group named none', `witness w1 ${w1}\ngroup none any w1\nquorum none\n`],
      ['threshold 0', `witness w1 ${w1}\ngroup g1 0 w1\nquorum g1\n`],
      ['threshold -1', `witness w1 ${w1}\ngroup g1 -1 w1\nquorum g1\n`],
      ['threshold 01', `witness w1 ${w1}\ngroup g1 01 w1\nquorum g1\n`],
      ['threshold 2 of 1', `witness w1 ${w1}\ngroup g1 2 w1\nquorum g1\n`],
      ['an unknown member', `witness w1 ${w1}\ngroup g1 any w2\nquorum g1\n`],
      ['a member that is defined below', `group g1 any w1\nwitness w1 ${w1}\nquorum g1\n`],
      ['a group of itself', `witness w1 ${w1}\ngroup g1 any w1 g1\nquorum g1\n`],
      ['none as a member', `witness w1 ${w1}\ngroup g1 any none w1\nquorum g1\n`],
      ['a member twice', `witness w1 ${w1}\ngroup g1 all w1 w1\nquorum g1\n`],
      ['a member of two groups', `witness w1 ${w1}\nwitness w2 ${w2}\ngroup g1 any w1 w2\ngroup g2 any w1\nquorum g1\n`],
      ['no quorum', `witness w1 ${w1}\n`],
      ['two quorums', `witness w1 ${w1}\nquorum w1\nquorum w1\n`],
      ['a quorum that is not defined', 'quorum unknown\n'],
      ['a quorum that is defined below', `quorum w1\nwitness w1 ${w1}\n`],
      ['a quorum without a name', 'quorum\n'],
      ['a quorum of two names', `witness w1 ${w1}\nquorum w1 none\n`],
    ]
    expect(refused.filter(([, text]) => faultOf(() => readLogPolicy(text)) !== 'log-policy-malformed')).toEqual([])
    expect(faultOf(() => readLogPolicy('log garbage\nquorum none\n'))).toBe('log-key-malformed')
    expect(faultOf(() => readLogPolicy(`#${'x'.repeat(65_536)}\nquorum none\n`))).toBe('bytes-too-many')
    expect(faultOf(() => readLogPolicy(Buffer.from('quorum none\n#\u0080', 'latin1')))).toBe('text-not-utf8')
  })

  it('is written and read back', () => {
    const policy = readLogPolicy(example)
    const text = logPolicyText(policy)
    expect(text.split('\n').filter((line) => line.startsWith('group') || line.startsWith('quorum'))).toEqual([
      'group X-witnesses 2 X1 X2 X3',
      'group Y-witnesses 1 Y1 Y2 Y3',
      'group X-and-Y 2 X-witnesses Y-witnesses',
      'quorum X-and-Y',
    ])
    expect(readLogPolicy(Buffer.from(text))).toEqual(policy)
    const withPlaces = `log ${log} https://log.example.com/\nwitness w1 ${w1} https://w1.example.com/\nwitness w2 ${w2}\ngroup g1 1 w1 w2\nquorum g1\n`
    expect(logPolicyText(readLogPolicy(withPlaces))).toBe(withPlaces)
  })

  it('is never written so that it says something else', () => {
    const { logs, witnesses, groups, quorum } = readLogPolicy(example)
    const [first, ...others] = witnesses
    const bad = [
      { logs, witnesses, groups, quorum: 'X-and-Y none' },
      { logs, witnesses, groups, quorum: 'X-and-Y\n# ' },
      { logs, witnesses: [{ ...first!, name: '' }, ...others], groups, quorum },
      { logs, witnesses: [{ ...first!, url: 'a b' }, ...others], groups, quorum },
      { logs, witnesses, groups: [{ ...groups[0]!, members: ['X1 X2'] }, ...groups.slice(1)], quorum },
      { logs, witnesses, groups: [{ ...groups[0]!, threshold: 4 }, ...groups.slice(1)], quorum },
      { logs, witnesses, groups: [{ name: 'g 1', threshold: 1, members: ['X1'] }], quorum: 'g' },
      { logs: [{ key: logs[0]!.key, url: '' }], witnesses, groups, quorum },
    ]
    expect(bad.map((policy) => faultOf(() => logPolicyText(policy)))).toEqual(bad.map(() => 'log-policy-malformed'))
    // What follows the name is read as the key.
    expect(faultOf(() => logPolicyText({ logs, witnesses: [{ ...first!, name: 'X 1' }, ...others], groups, quorum }))).toBe('log-key-malformed')
  })
})

describe('the quorum', () => {
  it('is met by two of the one and one of the other, at the time when that was so', () => {
    const policy = readLogPolicy(example)
    expect(quorumTime(policy, at({ w1: 10, w2: 20, w3: 30, w4: 40, w5: 5 }))).toBe(20)
    expect(quorumTime(policy, at({ w1: 10, w2: 20, w4: 40 }))).toBe(40)
    expect(quorumTime(policy, at({ w3: 30, w2: 20, w6: 1 }))).toBe(30)
    expect(quorumTime(policy, at({ w1: 10, w4: 40 }))).toBeUndefined()
    expect(quorumTime(policy, at({ w1: 10, w2: 20, w3: 30 }))).toBeUndefined()
    expect(quorumTime(policy, at({ unknown: 1 }))).toBeUndefined()
    expect([quorumMet(policy, at({ w1: 10, w2: 20, w4: 40 })), quorumMet(policy, [])]).toEqual([true, false])
  })

  it('counts a witness once, at its earliest time', () => {
    const policy = readLogPolicy(`witness a ${w1}\nwitness b ${w2}\ngroup g 2 a b\nquorum g\n`)
    expect(quorumTime(policy, [...at({ w1: 10 }), ...at({ w1: 5 }), ...at({ w1: 7 })])).toBeUndefined()
    expect(quorumTime(policy, [...at({ w1: 10 }), ...at({ w1: 5 }), ...at({ w2: 7 })])).toBe(7)
    expect(quorumTime(readLogPolicy(`witness a ${w1}\nquorum a\n`), [...at({ w1: 10 }), ...at({ w1: 5 })])).toBe(5)
  })

  it('none is always met, and proves no time', () => {
    const policy = readLogPolicy(`witness a ${w1}\nquorum none\n`)
    expect([quorumMet(policy, []), quorumTime(policy, at({ w1: 5 }))]).toEqual([true, undefined])
  })

  it('of k cannot be made earlier by k - 1 liars than an honest witness saw it', () => {
    const names = ['w1', 'w2', 'w3', 'w4', 'w5']
    const listed = names.map((name) => `witness ${name} ${vkey(name)}\n`).join('')
    const policies = names.map((_, index) => readLogPolicy(`${listed}group g ${index + 1} ${names.join(' ')}\nquorum g\n`))
    const time = fc.integer({ min: 1, max: 1000 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(time, { minLength: 5, maxLength: 5 }),
        fc.array(time, { minLength: 5, maxLength: 5 }),
        (k, honest, lies) => {
          const policy = policies[k - 1]!
          const told = names.map((name, index) => ({ key: keyOf(name), at: index < k - 1 ? lies[index]! : honest[index]! }))
          expect(quorumTime(policy, told)).toBe(told.map((one) => one.at).toSorted((a, b) => a - b)[k - 1])
          expect(quorumTime(policy, told)).toBeGreaterThanOrEqual(Math.min(...honest.slice(k - 1)))
        },
      ),
    )
  })
})
