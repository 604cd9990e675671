import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeRecord } from '#core/credential/describe-record.ts'
import type { RecordClaims } from '#core/credential/family.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import type { Instant } from '#core/model/instant.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { certificateData } from '#registry/certificate/certificate-data.ts'
import { openCertificateDesk, type CertificateDesk } from '#registry/certificate/certificate-desk.ts'
import { resign } from '../../support/craft-record.ts'
import { alliance, codeOf, inputOf, layOut, numberOf, verifyAt, type Sheet } from './sheets.ts'

const sheets: Sheet[] = []
let desk: CertificateDesk
const made = async (input: Parameters<CertificateDesk['certificate']>[0]): Promise<Sheet> => {
  const sheet = layOut(await desk.certificate(input))
  sheets.push(sheet)
  return sheet
}

beforeAll(() => {
  desk = openCertificateDesk({ engine: nodeEngine, workers: 2 })
})
afterAll(async () => {
  await desk.close()
  for (const { close } of sheets) close()
})

const headings: Readonly<Record<FamilyId, string>> = {
  title: '专业技术职称证书 Certificate of Professional Title',
  qualification: '专业技术人员职业资格证书 Certificate of Professional Qualification',
  skill: '职业技能等级证书 Certificate of Vocational Skill Level',
  'work-injury': '工伤认定证明 Work-Injury Determination',
  'labour-capacity': '劳动能力鉴定结论证明 Labour-Capacity Appraisal',
  recognition: '互认确认单 Statement of Recognition',
}

describe.each(familyIds)('the certificate of a %s record', (family) => {
  const proof = {
    text: 'c2sp.org/tlog-proof@v1\nindex 3\n\nlog\n',
    logged: { at: '2026-06-01T03:03:20Z' as Instant, by: ['https://370300.comity.example', 'https://371600.comity.example'] }, // well formed
  }
  const code = codeOf(`https://370100.comity.example/q#${'4711'.repeat(20)}`)

  it('is one A4 page of PDF/A-3b that every reader opens, in Chinese, by the issuer whom the trust list names', async () => {
    const input = { ...inputOf(family), code }
    const sheet = await made(input)
    expect(sheet.run('qpdf', '--check', '@')).toContain('No syntax or stream encoding errors found')
    const info = sheet.run('pdfinfo', '@')
    const said = (name: string): string | undefined => new RegExp(`^${name}: +(.*)$`, 'm').exec(info)?.[1]
    expect([said('Pages'), said('Page size'), said('Title'), said('Author')]).toEqual([
      '1',
      '595.276 x 841.89 pts (A4)',
      `${headings[family].split(' ')[0]} ${numberOf(input.record)}`,
      input.issuer.name.zh,
    ])
    const xmp = sheet.run('pdfinfo', '-meta', '@')
    expect(sheet.run('qpdf', '--qdf', '--object-streams=disable', '@', '-')).toMatch(/^ *\/Lang \(zh/m)
    expect(xmp).toContain('<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>')
    expect(xmp).toContain('<dc:language><rdf:Bag><rdf:li>zh</rdf:li></rdf:Bag></dc:language>')
    expect(xmp).toContain('<xmp:CreateDate>2026-06-01T11:00:00</xmp:CreateDate>')
  })

  it('carries its fonts, as subsets only', async () => {
    const fonts = (await made({ ...inputOf(family), code })).run('pdffonts', '@').trim().split('\n').slice(2)
    expect(fonts.map((line) => line.split(/\s+/)[0]!.replace(/^[A-Z]{6}\+/, '…')).toSorted()).toEqual([
      '…NotoSansSC-Regular',
      '…NotoSerifSC-Bold',
      '…NotoSerifSC-Regular',
    ])
    expect(fonts.every((line) => / yes yes yes /.test(line))).toBe(true)
  })

  it('has the record attached, byte for byte, as the source of the page', async () => {
    const input = inputOf(family)
    const sheet = await made(input)
    expect(sheet.attachment()).toEqual({ name: `${numberOf(input.record)}.sd-jwt`, content: input.record })
    const objects = sheet.run('qpdf', '--qdf', '--object-streams=disable', '@', '-')
    expect(objects).toContain('/AFRelationship /Source')
    expect(objects).toContain('/Subtype /application#2fdc+sd-jwt')
  })

  it('says everything that was signed, in both languages, and whose name it is', async () => {
    const input = { ...inputOf(family), code }
    const text = (await made(input)).text()
    const { claims, disclosed } = parseSdJwt(input.record, nodeEngine)
    const groups = describeRecord({ family, claims: claims as RecordClaims, disclosed }, { maskIdentity: false })
    const words = groups.flatMap(({ lines }) =>
      lines.flatMap(({ label, value }) => [label.zh, label.en, ...(typeof value === 'string' ? [value] : [value.zh, value.en])]),
    )
    const missing = [headings[family], ...words, input.issuer.name.zh, input.issuer.name.en, verifyAt].filter(
      (each) => !text.includes(each.replaceAll(/\s+/g, '')),
    )
    expect(missing).toEqual([])
  })

  it('has the log proof attached beside it, says by when it stood in the log, and is still one page', async () => {
    const input = { ...inputOf(family), code, proof }
    const sheet = await made(input)
    const number = numberOf(input.record)
    expect(sheet.attachments()).toEqual({ [`${number}.sd-jwt`]: input.record, [`${number}.tlog-proof`]: proof.text })
    expect(sheet.run('pdfinfo', '@')).toMatch(/^Pages: +1$/m)
    expect(sheet.run('qpdf', '--check', '@')).toContain('No syntax or stream encoding errors found')
    expect(sheet.run('pdfinfo', '-meta', '@')).toContain('<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>')
    expect(sheet.text()).toContain('不晚于2026年6月1日11:03（北京时间）已载入发证机关的日志，有2个城市见证；日志证明见附件。')
    expect(sheet.text()).toContain('Intheissuer’slogby1June2026,11:03(UTC+8),onthewordof2cities;theproofisattached.')
    expect((await made({ ...input, proof: undefined })).text()).not.toContain('日志')
    expect(Buffer.compare(await desk.certificate(input), await desk.certificate(input))).toBe(0)
  })

  it('is the same to the byte, whichever worker makes it', async () => {
    const input = { ...inputOf(family), code }
    const again = openCertificateDesk({ engine: nodeEngine, workers: 1 })
    try {
      // Three at once keep both workers of the desk busy.
      const [first, ...others] = await Promise.all([desk.certificate(input), desk.certificate(input), desk.certificate(input), again.certificate(input)])
      expect(others.map((pdf) => Buffer.compare(pdf, first))).toEqual([0, 0, 0])
    } finally {
      await again.close()
    }
  })
})

describe('the certificate', () => {
  it('covers the identity number where the holder wants it, also in the attached record, and says so', async () => {
    const input = inputOf('title')
    const [open, masked] = await Promise.all([made(input), made({ ...input, maskIdentity: true })])
    const notice = 'Theidentitynumberiscovered,andtheattachedrecordleavesitout'
    expect([open.text().includes('370113199604192288'), open.text().includes(notice)]).toEqual([true, false])
    expect([masked.text().includes('370113199604192288'), masked.text().includes('370***********2288'), masked.text().includes(notice)]).toEqual([
      false,
      true,
      true,
    ])
    expect(masked.attachment().content).toBe(presentSdJwt(input.record, ['name', 'birth', 'employer', 'photo']))
    expect(open.attachment().content).toBe(input.record)
  })

  it('shows and attaches only what the holder discloses', async () => {
    const input = inputOf('title')
    const record = presentSdJwt(input.record, ['name'])
    const sheet = await made({ ...input, record, maskIdentity: true })
    const text = sheet.text()
    expect([text.includes('孙远敏'), text.includes('2288'), text.includes('证件'), text.includes('济南第三机床厂')]).toEqual([true, false, false, false])
    expect(sheet.attachment().content).toBe(record)
    const nameless = await made({ ...input, record: presentSdJwt(input.record, []) })
    expect([nameless.text().includes('孙远敏'), nameless.text().includes('（未出示姓名）')]).toEqual([false, true])
  })

  it('marks an imported record as such, with what was checked', async () => {
    const input = inputOf('title', {}, { imported: { on: '2024-03', checked: ['identity-number', 'dates'] } as never }) // a month is a date too
    const text = (await made(input)).text()
    expect(text).toContain('历史台账导入（并非原始签发）2024年3月；导入时已核对：证件号码；日期')
    expect(text).toContain('Takenoverfromanoldledger(notissuednatively),March2024;checkedthen:identitynumber;dates')
    expect((await made(inputOf('title'))).text()).not.toContain('并非原始签发')
  })

  it('keeps the precision of dates', async () => {
    const sheet = await made(inputOf('title', { body: { obtainedOn: '2021-03', documentOn: '2021' } }))
    const lines = sheet.run('pdftotext', '@', '-').split('\n')
    expect(['2021年3月', 'March 2021', '2021年', '2021'].filter((line) => !lines.includes(line))).toEqual([])
  })

  it('says what it does not prove, and where to verify', async () => {
    const text = (await made(inputOf('title'))).text()
    for (const said of [
      '页面可见文字不是证据，以所附签名记录为准。',
      '本页不反映证书现时状态',
      '不代替加盖电子印章的电子证照',
      'Thevisibletextisnotevidence',
      'Thesheetisnotastatus',
      'nolicensede-governmentseal',
    ])
      expect(text).toContain(said)
  })

  it('takes the issuer from the trust list, never from the record', async () => {
    const input = inputOf('title')
    const renamed = { ...input, issuer: { ...input.issuer, name: { zh: '信任名录所载机关', en: 'Name of the trust list' } } }
    const sheet = await made(renamed)
    expect([sheet.text().includes('信任名录所载机关'), sheet.text().includes('记录所载发证机关')]).toEqual([true, true])
    expect(sheet.run('pdfinfo', '@')).toMatch(/^Author: +信任名录所载机关$/m)
    await expect(desk.certificate({ ...input, issuer: alliance.city('370300') })).rejects.toMatchObject({ code: 'certificate-issuer-differs', at: 'iss' })
    await expect(desk.certificate({ ...inputOf('recognition'), sourceIssuer: alliance.city('370300') })).rejects.toMatchObject({
      code: 'certificate-issuer-differs',
      at: 'source/iss',
    })
  })

  it('calls the alliance of a recognition as its list does, its id beside the name', async () => {
    const alliances = new Map([['sd-capital-circle', { zh: '山东省会经济圈人力资源一体化发展联盟', en: 'Provincial-Capital Alliance' }]])
    const text = (await made({ ...inputOf('recognition'), alliances })).text()
    expect([text.includes('山东省会经济圈人力资源一体化发展联盟sd-capital-circle'), text.includes('Provincial-CapitalAlliance')]).toEqual([true, true])
    expect((await made(inputOf('recognition'))).text()).toContain('sd-capital-circle')
  })

  it('is not made of a record of another kind', async () => {
    const input = inputOf('title')
    const record = resign(input.record, alliance.city('370100').issue.signer, { payload: { vct: 'https://elsewhere.example/vct/1' } })
    await expect(desk.certificate({ ...input, record })).rejects.toMatchObject({ code: 'certificate-family-unknown', at: 'vct' })
  })

  it('stays a page however long an ordinary value is, and takes more pages for the extreme', async () => {
    const long = { body: { reviewCommittee: '济南市工程技术职务中级评审委员会'.repeat(4), major: '建筑施工与城市轨道交通工程'.repeat(3) } }
    expect((await made({ ...inputOf('title', long), code: codeOf('x'.repeat(300)) })).run('pdfinfo', '@')).toMatch(/^Pages: +1$/m)
    const line = '极'.repeat(200)
    const extreme = {
      body: { title: '工程师', track: line, major: 'A'.repeat(200), reviewCommittee: line, approvalDocumentNumber: 'B'.repeat(200) },
      personal: { name: { name: '长'.repeat(100), nameAsIssued: 'Жук'.repeat(66) }, employer: '单'.repeat(200) },
    }
    const sheet = await made({ ...inputOf('title', extreme), code: codeOf('x'.repeat(300)) })
    expect(Number(/^Pages: +(\d+)$/m.exec(sheet.run('pdfinfo', '@'))![1])).toBeGreaterThan(1)
    const text = sheet.text()
    expect([line, 'A'.repeat(200), 'B'.repeat(200), '长'.repeat(100), 'Жук'.repeat(66), '单'.repeat(200)].filter((value) => !text.includes(value))).toEqual([])
  })
})

describe('rare and hostile characters', () => {
  const named = (name: string, nameAsIssued?: string) =>
    inputOf('title', { personal: { name: { name, ...(nameAsIssued === undefined ? {} : { nameAsIssued }) } } })

  it('are printed from a fallback font, embedded as a subset', async () => {
    const name = '\u{20bb7}㛃䶮\u{2b8b8}\u{2ceb0}'
    const sheet = await made(named(name))
    expect(sheet.text()).toContain(name)
    expect(sheet.run('pdffonts', '@')).toMatch(/[A-Z]{6}\+HanaMinA .* yes yes yes /)
    expect(sheet.run('pdffonts', '@')).toMatch(/[A-Z]{6}\+HanaMinB .* yes yes yes /)
    expect(sheet.text()).not.toContain('U+…')
  })

  it('are named where no font has them, with a notice in both languages', async () => {
    const text = (await made(named('孙\u{31350}', '孙\ue123'))).text()
    for (const said of [
      '孙〔U+31350〕',
      '孙〔U+E123〕',
      '〔U+…〕表示本机字库没有字形或不可见的字符，以所附签名记录为准。涉及字符：U+31350U+E123',
      'Concerned:U+31350U+E123',
    ])
      expect(text).toContain(said)
  })

  it('are named on a machine without the fallback fonts', async () => {
    const bare = openCertificateDesk({ engine: nodeEngine, workers: 1, rareFonts: ['/nonexistent'] })
    try {
      const sheet = layOut(await bare.certificate(named('\u{20bb7}㛃')))
      sheets.push(sheet)
      expect(sheet.text()).toContain('〔U+20BB7〕㛃')
    } finally {
      await bare.close()
    }
  })

  it.each(['买买提·艾力', '#panic() *粗* _斜_ [内] $x$ `码` \\ @引 <签> // 注', '#import "sheet.typ": *', '= 标题', '- 项', '~--...', 'https://evil.example/'])(
    'are text, never markup: %s',
    async (name) => {
      expect((await made(named('甲', name))).text()).toContain(name.replaceAll(/\s+/g, ''))
    },
  )

  it('are made visible where they would turn, hide or cut the line', async () => {
    const text = (await made(named('甲', '王\u202e伟\u2066国\u0000强\u200b\n丙'))).text()
    expect(text).toContain('王〔U+202E〕伟〔U+2066〕国〔U+0000〕强〔U+200B〕〔U+000A〕丙')
  })

  it('never name the attachment', async () => {
    const input = inputOf('title')
    // No lint of ours lets such a number through; another city's software, or a thief of a key, does.
    const record = resign(input.record, alliance.city('370100').issue.signer, { payload: { number: '../é“JN"\u202e:2021/1' } })
    expect((await made({ ...input, record })).attachment().name).toBe('_JN_2021_1.sd-jwt')
  })
})

describe('what a template is given', () => {
  it('is plain data, the same for the same record', () => {
    const { groups, attachment, ...rest } = certificateData({ ...inputOf('title'), maskIdentity: true }, nodeEngine)
    expect(rest).toEqual({
      template: 'title',
      number: expect.stringMatching(/^370100-title-\d{6}$/),
      issuer: { name: { zh: '济南市人力资源和社会保障局', en: 'Jinan HRSS Bureau' }, iss: 'https://370100.comity.example', division: '370100' },
      date: { year: 2026, month: 6, day: 1, hour: 11, minute: 0, second: 0, text: { zh: '2026年6月1日 11:00（北京时间）', en: '1 June 2026, 11:00 (UTC+8)' } },
      imported: null,
      masked: true,
      code: null,
      logged: null,
      proof: null,
      verifyAt,
    })
    expect([groups[0]!.lines[2], groups[1]!.lines[6]]).toEqual([
      { member: 'identity.number', label: { zh: '证件号码', en: 'Identity number' }, value: { zh: '370***********2288' }, wide: false },
      { member: 'scope', label: { zh: '有效范围', en: 'Validity scope' }, value: { zh: '全国', en: 'Nationwide' }, wide: false },
    ])
    expect(attachment.type).toBe('application/dc+sd-jwt')
  })
})
