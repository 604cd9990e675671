import { expect, it } from 'vitest'
import type { Judgement, LedgerDraft } from '#core/ledger/judgement.ts'
import { contentDigest, trackRepeats } from '#core/ledger/repeats.ts'
import { nodeEngine } from '#custody/engine-node.ts'

const draft = (change: Partial<LedgerDraft> = {}): LedgerDraft => ({
  family: 'title',
  number: 'JN1',
  body: { title: '工程师', level: 'intermediate' },
  personal: { name: { name: '张三' }, identity: { kind: 'resident_id', number: '370102199003070016' } },
  ...change,
})
const accepted = (change?: Partial<LedgerDraft>): Judgement => ({ outcome: 'accepted', findings: [], draft: draft(change) })

it('refuses the later of two rows with one number, and says why and which row was first', () => {
  const track = trackRepeats(nodeEngine.sha256)
  expect(track(2, accepted()).outcome).toBe('accepted')
  expect(track(3, accepted({ number: 'JN2' })).outcome).toBe('accepted')
  expect(track(4, accepted({ note: 'another note', issuedBy: '济南市人事局' }))).toEqual({
    outcome: 'refused',
    findings: [{ column: 'row', code: 'row-repeated', severity: 'refusal', earlierRow: 2 }],
  })
  expect(track(5, accepted({ body: { title: '高级工程师' } })).findings).toEqual([
    { column: 'number', code: 'number-repeated', severity: 'refusal', earlierRow: 2 },
  ])
  const other = { name: { name: '李四' }, identity: { kind: 'resident_id', number: '370102199003070016' } }
  expect(track(6, accepted({ number: 'JN2', personal: other })).findings).toEqual([
    { column: 'number', code: 'number-of-another-person', severity: 'refusal', earlierRow: 3 },
  ])
})

it('does not let a refused row claim its number', () => {
  const track = trackRepeats(nodeEngine.sha256)
  const refused: Judgement = { outcome: 'refused', findings: [{ column: 'name', code: 'name-blank', severity: 'refusal' }] }
  expect(track(2, refused)).toEqual(refused)
  expect(track(3, accepted()).outcome).toBe('accepted')
})

it('remembers every row of a ledger that outgrows its first table', () => {
  const track = trackRepeats(nodeEngine.sha256)
  for (let row = 2; row < 5002; row++) expect(track(row, accepted({ number: `JN${row}` })).outcome).toBe('accepted')
  for (const row of [2, 1025, 5001]) expect(track(6000, accepted({ number: `JN${row}` })).findings[0]?.earlierRow).toBe(row)
})

it('gives one digest to one content, whatever the order of its members', () => {
  const { sha256 } = nodeEngine
  const turned = { ...draft(), body: { level: 'intermediate', title: '工程师' } }
  expect(Buffer.from(contentDigest(turned, sha256)).toString('hex')).toBe(Buffer.from(contentDigest(draft(), sha256)).toString('hex'))
  expect(Buffer.from(contentDigest(draft(), sha256)).toString('hex')).toBe(
    Buffer.from(
      sha256(
        Buffer.from(
          '{"body":{"level":"intermediate","title":"工程师"},"number":"JN1","personal":{"identity":{"kind":"resident_id","number":"370102199003070016"},"name":{"name":"张三"}}}',
        ),
      ).subarray(0, 16),
    ).toString('hex'),
  )
})
