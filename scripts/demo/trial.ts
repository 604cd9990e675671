import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { callRoute } from '#contract/client.ts'
import { certificate } from '#contract/certificates.ts'
import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { handOutCode, presentRecord } from '#contract/records.ts'
import type { BodyOf } from '#contract/route.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import { withChangedRecord } from './attached-record.ts'
import { platformFetch } from './callers.ts'
import { engineerTitle } from './engineer-title.ts'
import type { Towns } from './story.ts'
import { fact, step } from './tell.ts'

/** What a newcomer has at hand to do the whole way alone: pages to open, a code to claim with, files to drop. */
export interface Trial {
  readonly pages: { readonly jinan: string; readonly zibo: string; readonly claim: string }
  readonly code: string
  readonly lastSix: string
  readonly files: { readonly certificate: string; readonly record: string; readonly changed: string }
}

/** Of a person whom the story leaves alone, so that it is good to the end. */
const draft: BodyOf<typeof createDraft> = {
  family: 'title',
  draft: {
    body: { ...engineerTitle, scope: 'nationwide' },
    personal: {
      name: { name: '孙远敏' },
      identity: { kind: 'resident_id', number: '370113199604192288' },
      birth: { date: '1996-04-19', gender: 'female' },
      employer: '济南第三机床厂',
    },
  },
}

/** Issues a record and leaves its claim code to the newcomer; the certificate is what the claim page would give, and the changed one what a forger makes of it. */
export async function prepareTrial({ jinan, zibo }: Towns, folder: string): Promise<Trial> {
  const drafted = await jinan.drafter.call(createDraft, { body: draft })
  const { record } = await jinan.approver.call(approveDraftRoute, { params: { draft: drafted.draft }, body: {} })
  const { code } = await jinan.drafter.call(handOutCode, { params: { record }, body: {} })
  const { text } = await jinan.drafter.call(presentRecord, { params: { record }, body: {} })
  const pdf = Buffer.from(await callRoute(certificate, { base: jinan.url, body: { record: text, identity: 'masked' } }, platformFetch))
  await zibo.drafter.call(refreshTrustRoute, { body: {} })
  const place = join(folder, 'try')
  mkdirSync(place)
  const files = { certificate: join(place, 'certificate.pdf'), record: join(place, 'record.sd-jwt'), changed: join(place, 'certificate-changed.pdf') }
  writeFileSync(files.certificate, pdf)
  writeFileSync(files.record, `${text}\n`)
  writeFileSync(files.changed, withChangedRecord(pdf, engineerTitle.obtainedOn, '2011-03-05'))
  return { pages: { jinan: `${jinan.url}/`, zibo: `${zibo.url}/`, claim: `${jinan.url}/claim` }, code, lastSix: '192288', files }
}

/** Told first and last: it is what there is to try while the nodes are up. */
export function tellTrial({ pages, code, lastSix, files }: Trial): void {
  step('请打开网页，亲手试一遍', 'Open the page and try it by hand')
  fact(`核验页面 verify page: 济南 Jinan ${pages.jinan}   淄博 Zibo ${pages.zibo}`)
  fact(`领取页面 claim page: ${pages.claim}   领取码 code ${code}   证件号后六位 last six characters ${lastSix}`)
  fact(`证书 certificate: ${files.certificate}`)
  fact(`记录文件 record file: ${files.record}`)
  fact(`记录被改过的证书 certificate whose record was changed: ${files.changed}`)
  fact('做法：在领取页面领取并下载证书，打开后把二维码截成图片；再把图片、证书和被改过的证书依次拖到任一核验页面，看有何不同。')
  fact(
    'How: claim and download the certificate, open it and take a screenshot of its code; then drop the picture, the certificate and the changed one on either verify page, and see the difference.',
  )
}
