import { expect, it } from 'vitest'

import type { Found } from '#web/read/found.ts'

import type { ReadersVisitor } from '../../web/read/open-test-page.ts'

/** What it is, how it is made (a path, or bytes), and what is to be said of it. */
export type BadOffer = readonly [name: string, make: () => string | Uint8Array | Promise<string | Uint8Array>, answer: readonly Found[]]

/** Each has its answer, and what is good is read right after it. */
export function expectEach(visitor: () => ReadersVisitor, good: () => Uint8Array, goodAnswer: readonly Found[], offers: readonly BadOffer[]): void {
  it.each(offers)('is answered: %s', async (_name, make, answer) => {
    expect((await visitor().read(await make())).found).toEqual(answer)
    expect((await visitor().read(good())).found).toEqual(goodAnswer)
  })
}

export const record = (
  text: string,
  carrier: 'pdf' | 'picture' | 'record-file' | 'paper-code',
  ...notes: (Found & { kind: 'record' })['notes'][number][]
): Found => ({
  kind: 'record',
  text,
  carrier,
  notes,
})
export const nothing = (why: (Found & { kind: 'nothing' })['why']): readonly Found[] => [{ kind: 'nothing', why }]
export const unread = (why: (Found & { kind: 'unread' })['why']): readonly Found[] => [{ kind: 'unread', why }]
