import type { Found, Offer } from '../read/found.ts'

/** An offer, or what has been found already, with the name that it is shown by. */
export type Named = { readonly name: string; readonly offer: Offer } | { readonly name: string; readonly found: Found }

export const namedFiles = (files: Iterable<File>): readonly Named[] =>
  Array.from(files, (file) => ({ name: file.name, offer: { kind: 'file', name: file.name, blob: file } }))
