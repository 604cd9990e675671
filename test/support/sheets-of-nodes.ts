import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { certificate } from '#contract/certificates.ts'

import type { TestNode } from './open-test-node.ts'

/** Certificates as nodes give them, and what a person does with the sheet: look at it, scan it, read the address in its code. */

/** The certificate of a record by the node that issued it, the identity number covered. */
export const certificateOf = (node: TestNode, record: string, identity: 'masked' | 'full' = 'masked'): Promise<Uint8Array> =>
  node.call(certificate, { body: { record, identity } })

/** Runs tools on a file in a folder of its own, which is gone afterwards. */
function inFolder<Result>(name: string, content: Uint8Array, work: (path: string, folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'comity-sheet-'))
  try {
    const path = join(folder, name)
    writeFileSync(path, content)
    return work(path, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The first page as a picture (PNG), 150 dots an inch: 1240 × 1754. */
export const pictureOf = (pdf: Uint8Array): Buffer =>
  inFolder('sheet.pdf', pdf, (path, folder) => {
    execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', path, join(folder, 'page')])
    return readFileSync(join(folder, 'page.png'))
  })

/** What another reader (zbar) makes of the code in a picture. */
export const codeIn = (picture: Uint8Array): string =>
  inFolder('page.png', picture, (path) =>
    execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  )

export const textOf = (pdf: Uint8Array): string => inFolder('sheet.pdf', pdf, (path) => execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' }))

/**
 * The PDF with its objects changed as text by a forger who knows the format: uncompressed, edited, and its table of objects made to fit.
 * Nothing in it says any more that it is not the file that the node made.
 */
export const edited = (pdf: Uint8Array, edit: (objects: string) => string): Buffer =>
  inFolder('sheet.pdf', pdf, (path, folder) => {
    const plain = join(folder, 'plain.pdf')
    execFileSync('qpdf', ['--qdf', '--object-streams=disable', path, plain])
    const before = readFileSync(plain, 'latin1')
    const after = edit(before)
    if (after === before) throw new Error('nothing was changed')
    writeFileSync(plain, after, 'latin1')
    return execFileSync('fix-qdf', [plain], { maxBuffer: 1 << 26 })
  })

/** The PDF with a further revision behind it, as an editor saves one: the page is empty now. What stood before is untouched. */
export function withEmptiedPage(pdf: Uint8Array): Buffer {
  // In plain objects, so that their numbers can be seen.
  const whole = edited(pdf, (objects) => `${objects}\n`).toString('latin1')
  const page = whole.split('endobj\n').find((object) => /^\s*\/Type \/Page$/m.test(object))!
  const [, number] = /(\d+) 0 obj\n/.exec(page)!
  const object = `${page.slice(page.indexOf(`${number} 0 obj`)).replace(/^\s*\/Contents .*\n/m, '')}endobj\n`
  const table = `xref\n${number} 1\n${String(whole.length).padStart(10, '0')} 00000 n \n`
  const [, trailer, before] = /trailer <<([^]*?)>>\nstartxref\n(\d+)/.exec(whole)!
  const end = `trailer << /Prev ${before}${trailer}>>\nstartxref\n${whole.length + object.length}\n%%EOF\n`
  return Buffer.from(`${whole}${object}${table}${end}`, 'latin1')
}

export interface Scan {
  readonly degrees: number
  /** Radius in pixels. */
  readonly blur: number
  /** Of the JPEG, 0 to 1. */
  readonly quality: number
}

/** A picture as a scanner or a telephone gives it: askew, blurred, as JPEG. Drawn by the browser of `page`. */
export async function scanned(page: Page, picture: Uint8Array, { degrees, blur, quality }: Scan): Promise<Buffer> {
  // Text, since it is the page that runs it: these files are compiled without a browser's types.
  const drawn = await page.evaluate<string>(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(Buffer.from(picture).toString('base64'))}), (letter) => letter.charCodeAt(0))
    const sheet = await createImageBitmap(new Blob([bytes]))
    const canvas = new OffscreenCanvas(sheet.width, sheet.height)
    const context = canvas.getContext('2d')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, sheet.width, sheet.height)
    context.filter = 'blur(${blur}px)'
    context.translate(sheet.width / 2, sheet.height / 2)
    context.rotate((${degrees} * Math.PI) / 180)
    context.drawImage(sheet, -sheet.width / 2, -sheet.height / 2)
    const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: ${quality} })).arrayBuffer())
    let text = ''
    for (let at = 0; at < jpeg.length; at += 4096) text += String.fromCharCode(...jpeg.subarray(at, at + 4096))
    return btoa(text)
  })()`)
  return Buffer.from(drawn, 'base64')
}
