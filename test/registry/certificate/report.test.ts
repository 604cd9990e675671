import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { afterAll, describe, expect, it } from 'vitest'

import type { Instant } from '#core/model/instant.ts'
import { shippedPolicy, type Verdict } from '#core/verify/verdict.ts'
import { namesIn } from '#core/verify/trust-names.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { openCertificateDesk } from '#registry/certificate/certificate-desk.ts'
import { reportData, type ReportInput } from '#registry/certificate/report-data.ts'
import { titleDraft } from '../../support/examples.ts'
import { makeAlliance, makeShandong } from '../../support/make-alliance.ts'
import { ask, proofOf, record as loggedRecord, trustWith } from '../../core/verify/logged-world.ts'
import { layOut, type Sheet } from './sheets.ts'

const shandong = makeShandong()
const record = shandong.issue('370100', 'title', titleDraft())
const verifier = { zh: '淄博市人力资源和社会保障局', en: 'Zibo HRSS Bureau' }
const verdictOn = (text: string, at: Instant = shandong.at, trust = shandong.trust): Verdict =>
  verify(
    Buffer.from(text),
    trust,
    shandong.rules,
    at,
    { ...shippedPolicy, recognition: { for: shandong.city('370300').division, purpose: 'appointment' } },
    nodeEngine,
  )
const inputOf = (verdict: Verdict, attached?: string): ReportInput => ({
  verdict,
  verifier,
  maskIdentity: true,
  verifyAt: 'https://370300.comity.example/',
  record: attached,
  names: namesIn(shandong.trust),
})

const desk = openCertificateDesk({ engine: nodeEngine, workers: 1 })
const sheets: Sheet[] = []
afterAll(async () => {
  await desk.close()
  for (const { close } of sheets) close()
})
const made = async (input: ReportInput): Promise<Sheet> => {
  const sheet = layOut(await desk.report(input))
  sheets.push(sheet)
  return sheet
}

describe('a verification report', () => {
  it('says the answer, when it was given, every check with its source and age, what was signed and what it counts for', async () => {
    const sheet = await made(inputOf(verdictOn(record), record))
    const text = sheet.text()
    const wanted = [
      '核验报告VerificationReport',
      '记录真实，且在所问时刻有效',
      'Therecordisgenuine,anditholdsattheinstantaskedabout',
      '2026年6月1日12:00（北京时间）',
      '淄博市人力资源和社会保障局',
      '济南市人力资源和社会保障局',
      '依据：公钥清单https://370100.comity.example·v1·60分钟前·新',
      '依据：状态列表https://370100.comity.example/status/1·60分钟前·新',
      '没有可信时间证明：无法证明何时签发',
      '职称名称',
      '370***********2288',
      '有条件认可，核验备案',
      'Recognisedoncondition,Verificationandfilingfortherecord',
      '待核事项：持证人诚信档案是否有有效失信记录',
      'Openquestions:Whethertheholderhasanactivedishonestyrecord',
      '材料：申请表',
      'Timelimit:5workingdays',
      '示例规则，待联盟确定',
      '报告只说明核验时刻的情况',
      'Thereportitselfisnotsigned',
      'https://370300.comity.example/',
    ]
    expect(wanted.filter((words) => !text.includes(words))).toEqual([])
    const data = reportData(inputOf(verdictOn(record)), nodeEngine)
    expect([data.recognition?.mark, data.checks.length, data.checks.filter(({ datum, source }) => datum === null || source === null)]).toEqual([
      'attention',
      11,
      [],
    ])
    expect([text.includes('依据：记录·60分钟前'), text.includes('专业技术职称，山东省济南市')]).toEqual([true, true])
    expect(text).not.toContain('370113199604192288')
    // Nothing has to be done about a yes.
    expect(text).not.toContain('办法：')
    expect(sheet.attachment().content).toBe(presentSdJwt(record, ['name', 'birth', 'employer', 'photo']))
    expect(sheet.run('qpdf', '--check', '@')).toContain('No syntax or stream encoding errors found')
    expect(sheet.run('pdfinfo', '-meta', '@')).toContain('<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>')
  })

  it('is dated by its verdict, and the same to the byte for the same verdict', async () => {
    const input = inputOf(verdictOn(record), record)
    const [first, second] = await Promise.all([desk.report(input), desk.report(input)])
    expect(Buffer.compare(first, second)).toBe(0)
    expect((await made(input)).run('pdfinfo', '-meta', '@')).toContain('<xmp:CreateDate>2026-06-01T12:00:00</xmp:CreateDate>')
  })

  it('says by when a record stood in the log, by whose word, and carries the proof', async () => {
    const proof = proofOf({ of: loggedRecord, cosigned: { '370300': 100, '371600': 200 } })
    const verdict = ask(proof)
    const names = namesIn(trustWith())
    const sheet = await made({ ...inputOf(verdict, loggedRecord), maskIdentity: false, proof, names })
    expect(sheet.text()).toContain(
      '不晚于2026年6月1日11:03（北京时间）；日志370100.comity.example/log，第4条；见证：淄博市人力资源和社会保障局、滨州市人力资源和社会保障局入日志时间Loggedby',
    )
    const { number } = verdict.record!.claims
    expect(sheet.attachments()).toEqual({ [`${number}.sd-jwt`]: loggedRecord, [`${number}.tlog-proof`]: proof })
    // What proved nothing is not handed on as if it had.
    const bare = await made({ ...inputOf(ask(undefined), loggedRecord), maskIdentity: false, proof, names })
    expect([Object.keys(bare.attachments()), bare.text().includes('入日志时间')]).toEqual([[`${number}.sd-jwt`], false])
  })

  it('tells a no, with what to do', async () => {
    const forged = `${record.slice(0, 300)}${record[300] === 'A' ? 'B' : 'A'}${record.slice(301)}`
    const verdict = verdictOn(forged)
    expect(verdict.answer).toBe('no')
    const text = (await made(inputOf(verdict))).text()
    expect([text.includes('记录不可采信'), text.includes('办法：'), text.includes('孙远敏')]).toEqual([true, true, false])
  })

  it('tells what it could not know', async () => {
    const later = verdictOn(record, '2028-06-01T04:00:00Z' as Instant) // well formed
    const text = (await made(inputOf(later))).text()
    expect([text.includes('无法判断记录是否真实有效'), text.includes('状态列表已过期'), text.includes('·已过期')]).toEqual([true, true, true])
    const stranger = verdictOn(record, shandong.at, makeAlliance({ cities: ['610100'] }).trust)
    expect(reportData(inputOf(stranger), nodeEngine).unnamed).toBe(true)
    expect((await made(inputOf(stranger))).text()).toContain('信任名录中没有此发证机关')
    const nothing = verdictOn('hello')
    expect(reportData(inputOf(nothing), nodeEngine).unnamed).toBe(false)
    const bare = await made(inputOf(nothing))
    expect([bare.text().includes('文件中没有可核验的记录'), bare.text().includes('未能确定')]).toEqual([true, true])
    expect(bare.run('pdfdetach', '-list', '@')).toBe('0 embedded files\n')
  })
})
