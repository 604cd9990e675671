import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'

import type { Verdict } from '#core/verify/verdict.ts'
import type { Told, ToldDecision } from '#web/judge/told.ts'
import { csvOf, jsonOf, type NamedResult } from '#web/results/result-file.ts'
import { en } from '#web/texts/en.ts'
import { zh } from '#web/texts/zh.ts'

const text = (zhText: string, enText: string) => ({ zh: zhText, en: enText })

const told = (changes: Partial<Told> = {}): Told => ({
  outcome: 'genuine',
  word: text('真实有效', 'Genuine'),
  sentence: text('签名相符。', 'It matches.'),
  next: text('可以。', 'Go on.'),
  because: [],
  notes: [],
  asides: [{ code: 'time-unproven', text: text('没有时间证明', 'Unproven time'), remedy: text('无', 'None') }],
  ask: undefined,
  warning: undefined,
  issuer: { name: text('济南市人社局', 'Jinan bureau'), place: text('山东省济南市', 'Jinan, Shandong'), iss: 'https://370100.comity.example' },
  summary: { family: text('专业技术职称', 'Professional title'), holder: '孙远敏', number: '370100120260000001', what: '工程师' },
  groups: [],
  checks: [],
  recognition: null,
  logged: undefined,
  statusAsOf: { kind: text('状态列表', 'status list'), name: text('x', 'x'), issuedAt: '2026-06-01T03:00:00Z' },
  verdict: null,
  ...changes,
})

const onCondition: ToldDecision = {
  place: { code: '370300', name: text('山东省淄博市', 'Zibo') },
  standing: 'on-condition',
  mark: 'attention',
  word: text('有条件认可', 'Recognised on condition'),
  mode: text('核验备案', 'Verification and filing'),
  reasons: [],
  effects: [],
  conditions: [],
  materials: [],
  openQuestions: [text('是否有失信记录', 'Whether there is a dishonesty record')],
  mapping: [],
  timeLimit: undefined,
  clause: undefined,
  under: undefined,
  paths: [],
  ways: [],
  notes: [],
}

const logged = {
  at: '2026-06-01T04:00:00Z',
  evidence: { digest: 'RXZpZGVuY2U' },
  logged: { at: '2026-05-01T00:00:00Z' },
} as Verdict // a file of results reads no more of it

const results: readonly NamedResult[] = [
  { name: 'a.jwt', told: told({ recognition: onCondition, verdict: logged }) },
  {
    name: '=HYPERLINK("https://evil.example")',
    told: told({
      outcome: 'not-valid',
      word: text('不可采信', 'Not valid'),
      because: [{ code: 'status-revoked', text: text('已撤销，"自始"无效', 'Revoked, "void"'), remedy: text('请核实', 'Ask') }],
      summary: { family: text('专业技术职称', 'Professional title'), holder: '@孙\r\n远敏', number: '-1+1', what: undefined },
    }),
  },
]

describe('the file of results', () => {
  it('is a table that spreadsheets open, in the language of the page', () => {
    const csv = csvOf(results, zh, 'zh')
    expect(
      csv.startsWith(
        '\ufeff"文件","结果","结果代码","姓名","编号","类别","发证机关","原因","城市","在何处有何效用","核验时间（UTC）","状态截至（UTC）","入日志时间（UTC）","记录摘要"\r\n',
      ),
    ).toBe(true)
    const rows = parse(csv.slice(1), { record_delimiter: '\r\n' })
    expect(rows[1]).toEqual([
      'a.jwt',
      '真实有效',
      'genuine',
      '孙远敏',
      '370100120260000001',
      '专业技术职称',
      '济南市人社局',
      '',
      '山东省淄博市',
      '有条件认可，核验备案',
      '2026-06-01T04:00:00Z',
      '2026-06-01T03:00:00Z',
      '2026-05-01T00:00:00Z',
      'RXZpZGVuY2U',
    ])
    expect(rows.length).toBe(3)
    expect(csvOf(results, en, 'en').split('\r\n')[1]).toBe(
      '"a.jwt","Genuine","genuine","孙远敏","370100120260000001","Professional title","Jinan bureau","","Zibo","Recognised on condition, Verification and filing","2026-06-01T04:00:00Z","2026-06-01T03:00:00Z","2026-05-01T00:00:00Z","RXZpZGVuY2U"',
    )
  })

  it('lets no name be taken for a formula, and no quote end its cell', () => {
    const rows = parse(csvOf(results, zh, 'zh').slice(1), { record_delimiter: '\r\n' })
    expect(rows[2]).toEqual([
      `'=HYPERLINK("https://evil.example")`,
      '不可采信',
      'not-valid',
      `'@孙\r\n远敏`,
      `'-1+1`,
      '专业技术职称',
      '济南市人社局',
      '已撤销，"自始"无效 [status-revoked]',
      '',
      '',
      '',
      '2026-06-01T03:00:00Z',
      '',
      '',
    ])
  })

  it('gives everything to programs', () => {
    expect(JSON.parse(jsonOf(results, 'https://node.example'))).toEqual({
      node: 'https://node.example',
      results: [
        {
          file: 'a.jwt',
          outcome: 'genuine',
          because: [],
          notes: [],
          asides: ['time-unproven'],
          recognition: { for: '370300', standing: 'on-condition' },
          verdict: logged,
        },
        {
          file: '=HYPERLINK("https://evil.example")',
          outcome: 'not-valid',
          because: ['status-revoked'],
          notes: [],
          asides: ['time-unproven'],
          recognition: null,
          verdict: null,
        },
      ],
    })
  })
})
