import type { Page } from 'playwright-core'

import { proofOfRecord } from '#registry/log/prove-record.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { familyIds } from '#core/model/family-id.ts'
import { sheetsOfFamilies } from '../../test/e2e/sheets-of-families.ts'
import { titleDraft } from '../../test/support/examples.ts'
import { resign } from '../../test/support/craft-record.ts'
import { stolenIssuingKey } from '../../test/support/issuing-signer.ts'
import { logAndCosign } from '../../test/support/log-and-cosign.ts'
import { chooseFiles, outcomeOn } from '../../test/support/open-page.ts'
import type { WebWorld } from '../../test/support/open-web-world.ts'
import type { State } from './state.ts'

const file =
  (record: keyof WebWorld['records']) =>
  async (page: Page, { records }: WebWorld) => {
    await chooseFiles(page, [{ name: `${record}.jwt`, content: records[record] }])
    await outcomeOn(page)
  }

const textFile = (name: string, content: string) => async (page: Page) => {
  await chooseFiles(page, [{ name, content }])
  await outcomeOn(page)
}

/** A city, a purpose, and everything unfolded. */
async function askAll(page: Page, place: string, purpose: string): Promise<void> {
  await page.getByLabel(/^(城市|City)/).selectOption(place)
  await page.getByLabel(/^(用途|Purpose)/).selectOption(purpose)
  await page.locator('.decision').waitFor()
  await page.evaluate("for (const fold of document.querySelectorAll('article details')) fold.open = true")
}

const several = async (page: Page, { records }: WebWorld): Promise<void> => {
  await chooseFiles(page, [
    ...Object.entries(records).map(([name, content]) => ({ name: `${name}.jwt`, content })),
    { name: 'notes.txt', content: 'nothing' },
    { name: '一个名字很长很长的文件-2026年第三季度-人力资源部-职称证书扫描件汇总（最终版）.jwt', content: records.good },
  ])
  await page.locator('.result-table').waitFor()
  await page.locator('progress').waitFor({ state: 'detached' })
}

let made: ReturnType<typeof sheetsOfFamilies> | undefined

/** The certificate of each family, offered as it was printed. */
const families: readonly State[] = familyIds.map((family) => ({
  name: `certificate-of-${family}`,
  show: async (page, world) => {
    const { pdf, node } = (await (made ??= sheetsOfFamilies(world)))[family]
    // What the other city has issued since is not known here before the next round.
    if (node === world.zibo) await page.getByRole('button', { name: /立即更新|Update now/ }).click()
    await chooseFiles(page, [{ name: `${family}.pdf`, content: pdf, type: 'application/pdf' }])
    await outcomeOn(page)
    await askAll(page, '370300', 'appointment')
  },
}))

export const verifyStates: readonly State[] = [
  { name: 'start', show: async () => undefined },
  { name: 'cannot-keep', forgetful: true, show: async () => undefined },
  { name: 'newer', newer: true, show: (page) => page.locator('.update button').waitFor() },
  { name: 'dropping', show: (page) => page.evaluate("dispatchEvent(new DragEvent('dragover', { cancelable: true }))") },
  { name: 'paste', show: (page) => page.getByRole('button', { name: /粘贴|Paste/ }).click() },
  {
    name: 'camera',
    show: async (page) => {
      await page.getByRole('button', { name: /扫码|Scan/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'camera-refused',
    show: async (page) => {
      await page.evaluate("navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))")
      await page.getByRole('button', { name: /扫码|Scan/ }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'working',
    forgetful: true,
    show: async (page, { records }) => {
      await page.route('**/assets/**', () => undefined)
      await chooseFiles(page, [{ name: 'good.jwt', content: records.good }])
      await page.locator('.working').waitFor()
    },
  },
  { name: 'genuine', show: file('good') },
  {
    name: 'genuine-logged',
    show: async (page, { jinan, records: { good } }) => {
      await logAndCosign(jinan)
      const proof = await proofOfRecord(jinan.office, (await openTrustDesk(jinan.office, () => performance.now()).current()).trust, good)
      await chooseFiles(page, [
        { name: 'good.jwt', content: good },
        { name: 'good.tlog-proof', content: proof! }, // it was logged above
      ])
      await outcomeOn(page)
    },
  },
  { name: 'genuine-with-note', show: file('registrationExpired') },
  {
    name: 'imported',
    show: async (page, { jinan, issue }) => {
      const { text } = await issue('title', titleDraft())
      const imported = resign(text, await stolenIssuingKey(jinan.office), { payload: { imported: { on: '2024-03', checked: ['identity-number', 'dates'] } } })
      await textFile('imported.jwt', imported)(page)
    },
  },
  { name: 'changed', show: file('changed') },
  { name: 'revoked', show: file('revoked') },
  { name: 'unlisted', show: file('unlisted') },
  { name: 'odd-texts', show: file('odd') },
  { name: 'nothing', show: textFile('猫.txt', 'a picture of a cat') },
  { name: 'unread', show: textFile('证书.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>') },
  {
    name: 'elsewhere',
    show: async (page, world) => {
      await file('good')(page, world)
      await askAll(page, '370300', 'appointment')
    },
  },
  { name: 'several', show: several },
  {
    name: 'one-of-several',
    show: async (page, world) => {
      await several(page, world)
      await page.getByRole('button', { name: /good\.jwt/ }).click()
      await outcomeOn(page)
    },
  },
  ...families,
  {
    name: 'held',
    show: async (page, world) => {
      await page.context().setOffline(true)
      await page.reload()
      await file('good')(page, world)
      await page.locator('.trust summary').click()
    },
  },
  { name: 'no-trust', cut: true, show: file('good') },
  {
    name: 'trust-troubles',
    forgetful: true,
    show: async (page) => {
      await page.route('**/trust/index.json', async (route) => {
        const answer = await route.fetch()
        await route.fulfill({ response: answer, headers: { ...answer.headers(), date: new Date(Date.now() - 3_600_000).toUTCString() } })
      })
      await page.route('**/status/**', (route) => route.abort())
      await page.route('**/trust/manifest/**', (route) => route.fulfill({ body: 'eyJ.eyJ.AA' }))
      await page.evaluate("caches.delete('comity-trust/1')")
      await page.reload()
      await page.locator('.standing:not(.loading)').waitFor()
      await page.locator('.trust summary').click()
    },
  },
  { name: 'lost', path: '/nowhere', show: async () => undefined },
  { name: 'docs', path: '/docs/', show: async () => undefined },
  { name: 'sheet', print: true, show: file('registrationExpired') },
  { name: 'sheet-not-valid', print: true, show: file('revoked') },
  { name: 'sheet-of-several', print: true, show: several },
  {
    name: 'sheet-on-condition',
    print: true,
    show: async (page, world) => {
      await file('good')(page, world)
      await page.getByLabel(/^(城市|City)/).selectOption('370300')
      await page.locator('.decision.answer-attention').waitFor()
    },
  },
]
