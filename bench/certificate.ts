import { openRenderer } from '#registry/certificate/render-pdf.ts'
import { certificateData, type CertificateInput } from '#registry/certificate/certificate-data.ts'
import { openCertificateDesk, packagedRendering } from '#registry/certificate/certificate-desk.ts'
import { codeOfRecord } from '#registry/certificate/code-of-record.ts'
import { checkDraft } from '#core/credential/check-draft.ts'
import { families } from '#core/credential/families.ts'
import { issueRecord } from '#core/credential/issue-record.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { familyIds } from '#core/model/family-id.ts'
import { PartialDate } from '#core/model/partial-date.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { randomBytes } from '#custody/random-bytes.ts'
import { certificateMemory } from './certificate-memory.ts'
import { childrensUsage } from './childrens-usage.ts'
import { division, titleDraft } from './drafts.ts'
import { atMost, millis, type Line } from './line.ts'
import { clocked, interleave, median } from './measure.ts'

const iss = 'https://370100.comity.example'
const name = { zh: '济南市人力资源和社会保障局', en: 'Jinan HRSS Bureau' }
const policy = { today: PartialDate.parse('2026-11-22'), scope: { families: [...familyIds], divisions: [DivisionCode.parse(division)] }, division }

/** Certificates of titles, each of another person and with another code. */
function certificates(howMany: number): readonly CertificateInput[] {
  const signer = nodeSigner(randomBytes(32))
  return Array.from({ length: howMany }, (_, index) => {
    const envelope = {
      iss,
      iat: 1_795_318_256,
      division: policy.scope.divisions[0]!,
      issuedBy: name.zh,
      number: `JN2021050${String(index).padStart(5, '0')}`,
      status: { status_list: { idx: 4096 + index, uri: `${iss}/status/1` } },
    }
    const record = issueRecord(checkDraft(families.title, titleDraft(index), policy), envelope, signer, nodeEngine, randomBytes)
    return { record, issuer: { iss, division, name }, maskIdentity: true, code: codeOfRecord(record, iss, nodeEngine), verifyAt: `${iss}/` }
  })
}

const processes = 2
const many = 1000

/** One certificate in a warm compiler, a thousand through the desk, and what a node holds of memory meanwhile. */
export async function certificate(): Promise<readonly Line[]> {
  const memory = await certificateMemory()
  const inputs = certificates(many)
  const renderer = openRenderer(packagedRendering())
  let turn = 0
  const cost = await interleave({
    data: (times) => {
      for (let index = 0; index < times; index++) certificateData(inputs[turn++ % many]!, nodeEngine)
    },
    ours: (times) => {
      for (let index = 0; index < times; index++) renderer.render(certificateData(inputs[turn++ % many]!, nodeEngine))
    },
  })
  const ours = median(cost.ours.cpu)
  const limit = `reading the record ${millis(median(cost.data.cpu) / 1000)}`

  const desk = openCertificateDesk({ engine: nodeEngine, workers: processes, queue: many })
  try {
    await Promise.all(inputs.slice(0, processes * 4).map((input) => desk.certificate(input)))
    const before = childrensUsage(process.pid)!
    const spent = await clocked(async () => {
      await Promise.all(inputs.map((input) => desk.certificate(input)))
    })
    const after = childrensUsage(process.pid)!
    const seconds = spent.wall / 1e6
    return [
      { work: 'one certificate, warm', limit, ours: millis(ours / 1000), value: ours / 1000, perCpuSecond: 1e6 / ours, bar: atMost(30, 'ms of CPU') },
      {
        work: `${many} certificates, ${processes} processes`,
        limit: `they hold ${Math.round(after.rss / 1e6)} MB then`,
        ours: `${seconds.toFixed(1)} s`,
        value: seconds,
        perCpuSecond: many / ((spent.cpu + after.cpu - before.cpu) / 1e6),
        bar: atMost(30, 's'),
      },
      ...memory,
    ]
  } finally {
    await desk.close()
  }
}
