import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { create } from 'qrcode'
import { afterAll, describe, expect, it } from 'vitest'

import { cameraSeeing } from '../../support/camera-seeing.ts'
import { useTestPage } from './open-test-page.ts'
import { codeOf, longDigits } from './page/test-code.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-camera-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A camera that sees one code of bytes for ever. */
function cameraSeeingText(name: string, text: string): readonly string[] {
  const { modules } = create([{ data: new TextEncoder().encode(text), mode: 'byte' }], { errorCorrectionLevel: 'L' })
  return cameraSeeing(join(folder, `${name}.y4m`), { size: modules.size, modules: Array.from(modules.data, (module) => module === 1) })
}

const digits = longDigits('1')

describe('a camera that sees a paper code', () => {
  const visitor = useTestPage(cameraSeeingText('paper', codeOf(digits)))

  it('gives the record and is released', async () => {
    const answer = await visitor().call('startCamera')
    expect(answer).toEqual({ kind: 'found', found: { kind: 'record', text: digits, carrier: 'paper-code', notes: [] }, others: 0 })
    expect(await visitor().call('runningTracks')).toBe(0)
  })

  it('is not asked where the page does not want it any more', async () => {
    const { page, call } = visitor()
    await page.evaluate(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      // The person takes a while to allow it, and leaves meanwhile.
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted)
        Object.assign(globalThis, { asked: stream })
        ;(globalThis as unknown as { testPage: { stopCamera: () => void } }).testPage.stopCamera()
        return stream
      }
    })
    expect(await call('startCamera')).toEqual({ kind: 'stopped', others: 0 })
    const states = page.evaluate(() => (globalThis as unknown as { asked: MediaStream }).asked.getTracks().map(({ readyState }) => readyState))
    expect(await states).toEqual(['ended'])
  })

  it('may be in use by another program', async () => {
    await visitor().page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))
    })
    expect(await visitor().call('startCamera')).toEqual({ kind: 'failed', why: 'camera-busy', others: 0 })
  })
})

describe('a camera whose use is refused', () => {
  const visitor = useTestPage(['--use-fake-device-for-media-stream', '--deny-permission-prompts'])

  it('is told from one that is not there', async () => {
    expect(await visitor().call('startCamera')).toEqual({ kind: 'failed', why: 'camera-refused', others: 0 })
  })
})

describe('a camera that sees a code of something else', () => {
  const visitor = useTestPage(cameraSeeingText('other', 'https://example.com/menu'))

  it('goes on looking, says so, and is released when it is stopped', async () => {
    const answer = visitor().call('startCamera')
    await visitor().page.waitForFunction(() => (globalThis as unknown as { testPage: { others: () => number } }).testPage.others() >= 3)
    expect(await visitor().call('runningTracks')).toBe(1)
    await visitor().call('stopCamera')
    expect(await answer).toMatchObject({ kind: 'stopped' })
    expect(await visitor().call('runningTracks')).toBe(0)
  })
})

describe('a machine without a camera', () => {
  const visitor = useTestPage(['--use-fake-ui-for-media-stream'])

  it('is told from one that refuses', async () => {
    expect(await visitor().call('startCamera')).toEqual({ kind: 'failed', why: 'camera-absent', others: 0 })
  })
})
