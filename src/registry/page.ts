import { Fault } from '#core/fault.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'

/** A page of rows by their ids. `after`: the id that the page before ended with. */
export interface PageRequest {
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** What the next page comes after; null at the end. */
  readonly next: string | null
}

const usualLimit = 100

export function pageStart({ after, limit = usualLimit }: PageRequest): { readonly after: Uint8Array; readonly limit: number } {
  const id = after === undefined ? new Uint8Array(0) : readUuid(after)
  if (id === undefined) throw new Fault('request-malformed', { at: 'after' })
  return { after: id, limit }
}

/** One row more than the limit was read, so that the end is known without another look. */
export function pageOf<Row, Item>(rows: readonly Row[], limit: number, idOf: (row: Row) => Uint8Array, show: (row: Row) => Item): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(show), next: rows.length > limit && last !== undefined ? uuidText(idOf(last)) : null }
}
