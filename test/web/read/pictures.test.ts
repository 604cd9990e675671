import { describe, expect, it } from 'vitest'

import type { Found } from '#web/read/found.ts'

import { useTestPage } from './open-test-page.ts'
import type { CodesPlan } from './page/draw-codes.ts'
import { codeOf, longDigits } from './page/test-code.ts'

const visitor = useTestPage()

const digits = longDigits('1')
const inPicture: Found = { kind: 'record', text: digits, carrier: 'picture', notes: [] }

// An A4 page at 150 dpi is 1240 × 1754; the 0.42 mm of a printed module are 2.48 of its pixels.
const a4: CodesPlan = { texts: [codeOf(digits)], width: 1240, height: 1754, module: 2.48 }
const photo: CodesPlan = { texts: [codeOf(digits)], width: 4000, height: 3000, module: 12 }

describe('a picture of a paper code', () => {
  it.each<[string, CodesPlan]>([
    ['as it was drawn', { ...a4, module: 4, type: 'image/png' }],
    ['of a page at 150 dpi, rotated by 3°, blurred, as JPEG', { ...a4, degrees: 3, blur: 0.7, quality: 0.5 }],
    ['of a page at 150 dpi, blurred by a whole pixel and more', { ...a4, degrees: 3, blur: 1.1 }],
    ['of a page at 150 dpi, blurred and noisy', { ...a4, degrees: 3, blur: 0.8, noise: 30 }],
    ['of a page that lies on its side', { ...a4, degrees: 90 }],
    ['of a page upside down and askew', { ...a4, degrees: 187 }],
    ['turned by half a right angle', { ...a4, module: 4, degrees: 45 }],
    ['of 12 megapixels, noisy, with the light from one side', { ...photo, degrees: 11, blur: 3, noise: 60, shade: 0.35 }],
    ['of 12 megapixels, blurred and very noisy', { ...photo, degrees: 11, blur: 4, noise: 120 }],
    ['of 12 megapixels, noisy, and dark at one corner', { ...photo, degrees: 11, noise: 140, shade: 0.2 }],
    ['of 12 megapixels, noisy, with a small code', { ...photo, module: 4, degrees: 11, blur: 1, noise: 60 }],
    ['of 12 megapixels, out of focus', { ...photo, degrees: 11, blur: 7, noise: 20 }],
    ['of 35 megapixels with a very small code', { ...photo, width: 7000, height: 5000, module: 3.4, degrees: 4, blur: 0.7 }],
    ['of 12 megapixels with a small code', { ...photo, module: 4, degrees: 4, blur: 0.8 }],
    ['on nothing', { ...a4, module: 4, type: 'image/png', isClear: true }],
    ['as WebP', { ...a4, type: 'image/webp', quality: 0.8 }],
    ['of two pixels a module', { ...a4, width: 240, height: 240, module: 2, type: 'image/png' }],
  ])('is read: %s', async (_name, plan) => {
    expect((await visitor().call('readDrawn', plan)).found).toEqual([inPicture])
  })

  it('gives the record of every code, each once, and says that there are other codes', async () => {
    const [first, second] = [longDigits('1'), longDigits('2')]
    const texts = [codeOf(first), codeOf(second), 'https://example.com/menu']
    const { found } = await visitor().call('readDrawn', { texts, width: 2000, height: 900, module: 4, degrees: 2 })
    const byText = found.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
    expect(byText).toEqual([
      { ...inPicture, text: first, notes: ['other-codes'] },
      { ...inPicture, text: second, notes: ['other-codes'] },
    ])
  })

  it('answers for what it does not hold', async () => {
    const found = async (texts: readonly string[]): Promise<readonly Found[]> => (await visitor().call('readDrawn', { ...a4, texts })).found
    expect(await found([])).toEqual([{ kind: 'nothing', why: 'picture-without-code' }])
    expect(await found(['https://example.com/menu'])).toEqual([{ kind: 'nothing', why: 'code-of-something-else' }])
    expect(await found([codeOf(longDigits('0'))])).toEqual([{ kind: 'unread', why: 'code-damaged' }])
    expect(await found([codeOf(longDigits('9'))])).toEqual([{ kind: 'unread', why: 'code-too-new' }])
  })

  it('is read again and again by the same worker, and after the network is gone', async () => {
    expect((await visitor().call('readDrawn', a4)).found).toEqual([inPicture])
    await visitor().context.setOffline(true)
    expect((await visitor().call('readDrawn', { ...a4, degrees: 5 })).found).toEqual([inPicture])
    expect(visitor().page.workers().length).toBe(1)
  })
})

describe('a part that cannot be loaded', () => {
  it('is said, and is loaded once it can be had', async () => {
    await visitor().context.setOffline(true)
    expect((await visitor().call('readDrawn', a4)).found).toEqual([{ kind: 'unread', why: 'reader-unavailable' }])
    await visitor().context.setOffline(false)
    expect((await visitor().call('readDrawn', a4)).found).toEqual([inPicture])
    visitor().forgive(/ERR_INTERNET_DISCONNECTED/)
  })
})
