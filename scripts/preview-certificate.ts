import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { codeOfRecord } from '#registry/certificate/code-of-record.ts'
import type { CertificateInput } from '#registry/certificate/certificate-data.ts'
import { certificateData } from '#registry/certificate/certificate-data.ts'
import { packagedRendering } from '#registry/certificate/certificate-desk.ts'
import { openRenderer } from '#registry/certificate/render-pdf.ts'
import { reportData } from '#registry/certificate/report-data.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { PartialDate } from '#core/model/partial-date.ts'
import { namesIn } from '#core/verify/trust-names.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { exampleDrafts } from '../test/support/examples.ts'
import { makeShandong } from '../test/support/make-alliance.ts'

// Renders an example of every sheet, for whoever works on the templates:
//   node scripts/preview-certificate.ts FOLDER
// Each PDF has the data beside it that its template was given. Mistakes in a template are told as the compiler tells them.

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('node scripts/preview-certificate.ts FOLDER')
  process.exit(64)
}
mkdirSync(folder, { recursive: true })

const alliance = makeShandong()
const renderer = openRenderer(packagedRendering())

function exampleOf(family: FamilyId, changes: object = {}, issued: object = {}): CertificateInput {
  const recognising = family === 'recognition'
  const division = recognising ? '370300' : '370100'
  const record = alliance.issue(division, family, exampleDrafts[family](changes), issued)
  return {
    record,
    issuer: alliance.city(division),
    ...(recognising ? { sourceIssuer: alliance.city('370100') } : {}),
    alliances: namesIn(alliance.trust).alliances,
    maskIdentity: false,
    code: codeOfRecord(record, `https://${division}.comity.example`, nodeEngine),
    verifyAt: `https://${division}.comity.example/`,
  }
}

const examples: Readonly<Record<string, CertificateInput>> = {
  ...Object.fromEntries(familyIds.map((family) => [family, exampleOf(family)])),
  ...Object.fromEntries(familyIds.map((family) => [`${family}-masked`, { ...exampleOf(family), maskIdentity: true }])),
  'title-masked-without-code': { ...exampleOf('title'), maskIdentity: true, code: undefined },
  'title-imported': exampleOf('title', {}, { imported: { on: PartialDate.parse('2024-03'), checked: ['identity-number', 'dates'] } }),
  'title-rare-characters': exampleOf('title', { personal: { name: { name: '孙\u{20bb7}\u{31350}', nameAsIssued: '孙\u202e\u{20bb7}' } } }),
  'title-very-long': exampleOf('title', {
    body: { track: '类'.repeat(200), major: '专业'.repeat(100), approvalDocumentNumber: 'A'.repeat(200) },
    personal: { employer: '单位'.repeat(100), name: { name: '长'.repeat(60) } },
  }),
}

const written = (name: string, sheet: Parameters<typeof renderer.render>[0]): void => {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(sheet, null, 2)}\n`)
  writeFileSync(join(folder, `${name}.pdf`), renderer.render(sheet))
  console.log(`${name}.pdf`)
}

for (const [name, input] of Object.entries(examples)) written(name, certificateData(input, nodeEngine))

const policy = { ...shippedPolicy, recognition: { for: alliance.city('370300').division, purpose: 'appointment' } }
const { record } = exampleOf('title')
const forged = `${record.slice(0, 300)}${record[300] === 'A' ? 'B' : 'A'}${record.slice(301)}`
const otherKey = makeShandong({ seed: 'another alliance' }).issue('370100', 'title', exampleDrafts.title())
for (const [name, evidence] of Object.entries({ 'report-yes': record, 'report-forged': forged, 'report-other-key': otherKey })) {
  const verdict = verify(Buffer.from(evidence), alliance.trust, alliance.rules, alliance.at, policy, nodeEngine)
  written(
    name,
    reportData(
      {
        verdict,
        verifier: alliance.city('370300').name,
        maskIdentity: true,
        verifyAt: 'https://370300.comity.example/',
        record: evidence,
        names: namesIn(alliance.trust),
      },
      nodeEngine,
    ),
  )
}
