import { fileURLToPath } from 'node:url'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'

import type { Found } from '#web/read/found.ts'

import { buildPage, type BuiltPage } from '../../support/built-page.ts'
import { openChromium, visit, type Visitor } from '../../support/chromium.ts'
import type { TestPage } from './page/page.ts'

export interface Given {
  readonly found: readonly Found[]
  readonly milliseconds: number
}

export const buildTestPage = (): Promise<BuiltPage> => buildPage(fileURLToPath(new URL('./page/', import.meta.url)))

export interface ReadersVisitor extends Visitor {
  /** Chooses a file by its path, or made of bytes, and has it read. Its name and media type are lies. */
  readonly read: (file: string | Uint8Array) => Promise<Given>
  /** Calls one of the page's own functions. */
  readonly call: <Name extends keyof TestPage>(name: Name, ...words: Parameters<TestPage[Name]>) => Promise<Awaited<ReturnType<TestPage[Name]>>>
}

export async function visitTestPage(browser: Browser, { origin }: BuiltPage): Promise<ReadersVisitor> {
  const visitor = await visit(browser, origin)
  const { page } = visitor
  const call: ReadersVisitor['call'] = (name, ...words) =>
    page.evaluate(([called, given]) => (globalThis as unknown as { testPage: Record<string, (...all: unknown[]) => never> }).testPage[called]!(...given), [
      name,
      words,
    ] as const)
  const read: ReadersVisitor['read'] = async (file) => {
    const chosen = typeof file === 'string' ? file : { name: '证书.txt', mimeType: 'text/html', buffer: Buffer.from(file) }
    await page.setInputFiles('input', chosen)
    return call('readChosen')
  }
  return { ...visitor, read, call }
}

/** For one file of tests: a browser and the page, and a visitor of its own for each test, who must have nothing to complain of. */
export function useTestPage(flags: readonly string[] = []): () => ReadersVisitor {
  let built: BuiltPage | undefined
  let browser: Browser | undefined
  let visitor: ReadersVisitor | undefined
  beforeAll(async () => {
    built = await buildTestPage()
    browser = await openChromium(flags)
  })
  afterAll(async () => {
    await browser?.close()
    await built?.close()
  })
  beforeEach(async () => {
    visitor = await visitTestPage(browser!, built!)
  })
  afterEach(async () => {
    await visitor?.leave()
    expect(visitor?.complaints).toEqual([])
    expect(built?.violations).toEqual([])
  })
  return () => visitor!
}
