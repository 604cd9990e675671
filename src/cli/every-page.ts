import type { Page, PageRequest } from '#registry/page.ts'

/** The items of all pages, one after another. */
export async function* everyPage<Item>(read: (request: PageRequest) => Promise<Page<Item>>): AsyncGenerator<Item> {
  for (let after: string | undefined; ;) {
    const { items, next } = await read({ after, limit: 500 })
    yield* items
    if (next === null) return
    after = next
  }
}
