import type { Offer } from '../read/found.ts'

/** An offer with the name that it is shown by. */
export interface Named {
  readonly name: string
  readonly offer: Offer
}

export const namedFiles = (files: Iterable<File>): readonly Named[] =>
  Array.from(files, (file) => ({ name: file.name, offer: { kind: 'file', name: file.name, blob: file } }))
