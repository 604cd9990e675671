import { describe, expect, it } from 'vitest'

import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { Truth } from '#core/model/truth.ts'
import { carrierTexts, nothingTexts, unreadTexts, type CarrierNote, type NothingReason, type UnreadReason } from '#core/verify/found-texts.ts'
import { outcomeIds, outcomeOf, textOfReason, type Helper, type Outcome, type OutcomeId } from '#core/verify/outcome.ts'
import { outcomeWords } from '#core/verify/outcome-words.ts'
import { ownReasons, verdictReasonTexts, type VerdictReason } from '#core/verify/reason-texts.ts'
import type { Check, CheckId, Note, Verdict } from '#core/verify/verdict.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { qualificationDraft, titleDraft } from '../../support/examples.ts'
import { makeAlliance, testInstant } from '../../support/make-alliance.ts'

const issuer = { iss: 'https://370100.comity.example', division: '370100', name: { zh: '济南市人社局', en: 'Jinan bureau' } }

/** A verdict in which one check says something and all others are well. */
function verdictWith(check: Check, notes: readonly Note[] = [], known: Verdict['issuer'] = issuer): Verdict {
  const checks: readonly Check[] = [{ id: 'form', answer: 'yes' }, check]
  return {
    answer: check.answer,
    at: testInstant,
    policy: 'comity/1',
    evidence: { digest: null },
    issuer: known,
    record: null,
    checks,
    notes,
    recognition: null,
  }
}

const outcomeWith = (answer: Truth, reason: VerdictReason, known: Verdict['issuer'] = issuer): Outcome =>
  outcomeOf({
    kind: 'record',
    verdict: verdictWith({ id: 'status' satisfies CheckId, answer, reason }, answer === 'yes' ? [{ code: reason }] : [], known),
    notes: [],
  })

describe('the outcome of a verdict', () => {
  it('is not valid for every no, whatever the reason', () => {
    for (const reason of Object.keys(verdictReasonTexts) as VerdictReason[]) expect([reason, outcomeWith('no', reason).id]).toEqual([reason, 'not-valid'])
  })

  it('is cannot check now for every cannot tell, but for what is no record at all', () => {
    for (const reason of ownReasons)
      expect([reason, outcomeWith('cannot-tell', reason).id]).toEqual([reason, reason === 'not-a-record' ? 'nothing-to-check' : 'cannot-check-now'])
  })

  // Written here a second time on purpose: which word beside a yes changes the outcome is a decision and not an accident.
  const besideYes: Readonly<Partial<Record<VerdictReason, OutcomeId>>> = {
    'manifest-stale': 'genuine-with-note',
    'alliance-list-stale': 'genuine-with-note',
    'status-list-stale': 'genuine-with-note',
    'status-before-list': 'genuine-with-note',
    imported: 'genuine-with-note',
    'registration-expired': 'genuine-with-note',
    'status-suspended': 'genuine-with-note',
    'status-cancelled': 'genuine-with-note',
    'status-voided': 'genuine-with-note',
    'time-unproven': 'genuine',
    'rule-set-stale': 'genuine',
    'rule-set-expired': 'genuine',
  }
  it.each(Object.entries(besideYes))('with %s beside a yes is %s', (reason, id) => {
    expect(outcomeWith('yes', reason as VerdictReason).id).toBe(id) // a key of the table above
  })

  it('tells the unproven time of every record, and lets it colour none', () => {
    expect(outcomeWith('yes', 'time-unproven')).toEqual({ id: 'genuine', because: [], notes: [], asides: [{ code: 'time-unproven' }], ask: 'nobody' })
  })

  it('is cannot check now where a policy requires the proof of time', () => {
    expect(outcomeWith('cannot-tell', 'time-unproven')).toEqual({
      id: 'cannot-check-now',
      because: [{ code: 'time-unproven' }],
      notes: [],
      asides: [],
      ask: 'nobody',
    })
  })

  it('names every check that said no, and none that could not tell', () => {
    const checks: readonly Check[] = [
      { id: 'authorised', answer: 'cannot-tell', reason: 'alliance-list-expired' },
      { id: 'validity', answer: 'no', reason: 'record-expired' },
      { id: 'status', answer: 'no', reason: 'status-revoked', datum: 'https://370100.comity.example/status/1#7' },
    ]
    const verdict = { ...verdictWith(checks[1]!), checks }
    expect(outcomeOf({ kind: 'record', verdict, notes: [] })).toEqual({
      id: 'not-valid',
      because: [{ code: 'record-expired' }, { code: 'status-revoked', datum: 'https://370100.comity.example/status/1#7' }],
      notes: [],
      asides: [],
      ask: 'issuer',
    })
  })

  it('says a thing once that two files are the reason for', () => {
    const notes: readonly Note[] = [
      { code: 'status-list-stale', datum: 'a' },
      { code: 'status-list-stale', datum: 'b' },
      { code: 'imported', datum: '2026-01-05' },
    ]
    const { notes: told } = outcomeOf({ kind: 'record', verdict: verdictWith({ id: 'status', answer: 'yes' }, notes), notes: [] })
    expect(told).toEqual([
      { code: 'status-list-stale', datum: 'a' },
      { code: 'imported', datum: '2026-01-05' },
    ])
  })

  const helpers: readonly (readonly [VerdictReason, Truth, Verdict['issuer'], Helper])[] = [
    ['status-revoked', 'no', issuer, 'issuer'],
    ['source-revoked', 'no', issuer, 'source-issuer'],
    ['signature-wrong', 'no', issuer, 'issuer'],
    // Nobody is sent to whom the record itself names.
    ['signature-wrong', 'no', null, 'this-bureau'],
    ['issuer-unnamed', 'cannot-tell', null, 'this-bureau'],
    ['issuer-not-authorised', 'no', issuer, 'this-bureau'],
    ['sd-jwt-malformed', 'no', null, 'bearer'],
    ['not-a-record', 'cannot-tell', null, 'bearer'],
    ['status-list-missing', 'cannot-tell', issuer, 'nobody'],
    ['imported', 'yes', issuer, 'issuer'],
  ]
  it.each(helpers)('after %s (%s) sends to somebody whom it can name', (reason, answer, known, helper) => {
    expect(outcomeWith(answer, reason, known).ask).toBe(helper)
  })
})

describe('the outcome of a carrier', () => {
  const genuine = verdictWith({ id: 'status', answer: 'yes' })
  const expected: Readonly<Record<CarrierNote, OutcomeId>> = {
    'several-records': 'genuine-with-note',
    'attachment-unread': 'genuine-with-note',
    'pdf-changed-after-issue': 'genuine-with-note',
    'other-attachments': 'genuine-with-note',
    'other-proofs': 'genuine-with-note',
    'two-kinds-of-file': 'genuine-with-note',
    'not-all-read': 'genuine-with-note',
    'other-codes': 'genuine',
  }
  it.each(Object.entries(expected))('that is noted for %s is %s', (note, id) => {
    const outcome = outcomeOf({ kind: 'record', verdict: genuine, notes: [note as CarrierNote] }) // a key of the table above
    expect([outcome.id, ...outcome.notes, ...outcome.asides]).toEqual([id, { code: note }])
  })

  it('that changed after issue makes nothing valid that is not', () => {
    const revoked = verdictWith({ id: 'status', answer: 'no', reason: 'status-revoked' })
    expect(outcomeOf({ kind: 'record', verdict: revoked, notes: ['pdf-changed-after-issue'] })).toMatchObject({
      id: 'not-valid',
      notes: [{ code: 'pdf-changed-after-issue' }],
    })
  })

  it('without a record is nothing to check, for every reason', () => {
    for (const why of Object.keys(nothingTexts) as NothingReason[])
      expect(outcomeOf({ kind: 'nothing', why })).toEqual({ id: 'nothing-to-check', because: [{ code: why }], notes: [], asides: [], ask: 'bearer' })
  })

  it('that could not be read cannot be checked now, for every reason', () => {
    for (const why of Object.keys(unreadTexts) as UnreadReason[])
      expect(outcomeOf({ kind: 'unread', why })).toMatchObject({ id: 'cannot-check-now', because: [{ code: why }], notes: [], asides: [] })
  })
})

describe('what is said', () => {
  it('has a word, a sentence and a next step for each of the five, in both languages', () => {
    for (const id of outcomeIds)
      for (const text of Object.values(outcomeWords[id])) {
        expect(text.zh).toMatch(/[\u4e00-\u9fff]/)
        expect(text.en).toMatch(/^[A-Z].*[a-z.]$/)
      }
  })

  it('says each reason of carriers in both languages with a remedy, and by no code that a check has already', () => {
    const codes = Object.keys({ ...carrierTexts, ...nothingTexts, ...unreadTexts }) as (CarrierNote | NothingReason | UnreadReason)[]
    expect(codes.filter((code) => Object.hasOwn(verdictReasonTexts, code))).toEqual([])
    for (const code of codes) {
      const { zh, en, remedy } = textOfReason(code)
      expect([zh, remedy.zh].every((text) => /[\u4e00-\u9fff]/.test(text)) && [en, remedy.en].every((text) => /^[A-Z]/.test(text))).toBe(true)
    }
  })

  it('never calls a carrier without a record forged', () => {
    for (const { zh, en } of Object.values(nothingTexts)) expect(`${zh} ${en}`).not.toMatch(/假|伪|forge|fake/i)
  })
})

describe('the outcome of real records', () => {
  const alliance = makeAlliance({ cities: ['370100', '370300'] })
  const { trust, rules, at, issue } = alliance
  const outcomeOfText = (text: string, changes: { readonly trust?: typeof trust } = {}): Outcome =>
    outcomeOf({ kind: 'record', verdict: verify(encodeUtf8(text), changes.trust ?? trust, rules, at, shippedPolicy, nodeEngine), notes: [] })

  it('is genuine for a good one', () => {
    expect(outcomeOfText(issue('370100', 'title', titleDraft()))).toMatchObject({ id: 'genuine', because: [], notes: [] })
  })
  it('is genuine with a note for one whose registration has expired', () => {
    const draft = qualificationDraft({ body: { registration: { number: '1', unit: '济南第三建筑工程有限公司', from: '2020-06-01', until: '2023-05-31' } } })
    expect(outcomeOfText(issue('370100', 'qualification', draft))).toMatchObject({ id: 'genuine-with-note', notes: [{ code: 'registration-expired' }] })
  })
  it('is not valid for one with a letter changed', () => {
    const text = issue('370100', 'title', titleDraft())
    const changed = text.replace(/\.([^.~]{10})[A-Za-z]/, (whole, start: string) => `.${start}${whole.endsWith('Q') ? 'R' : 'Q'}`)
    expect(outcomeOfText(changed).id).toBe('not-valid')
  })
  it('cannot be checked now where no list names the issuer', () => {
    const stranger = makeAlliance({ cities: ['420100'] })
    expect(outcomeOfText(stranger.issue('420100', 'title', titleDraft()))).toMatchObject({
      id: 'cannot-check-now',
      because: [{ code: 'issuer-unnamed' }],
      ask: 'this-bureau',
    })
  })
  it('cannot be checked now where the status list is missing', () => {
    const { trust: without } = alliance.reassemble({ statusLists: [] })
    expect(outcomeOfText(issue('370100', 'title', titleDraft()), { trust: without })).toMatchObject({
      id: 'cannot-check-now',
      because: [{ code: 'status-list-missing' }],
    })
  })
  it('is nothing to check for a text that is no record', () => {
    expect(outcomeOfText('a shopping list')).toMatchObject({ id: 'nothing-to-check', because: [{ code: 'not-a-record' }] })
  })
})
