import type { Found, Offer } from '../read/found.ts'

/** An offer, or what has been found already, with the name that it is shown by. */
export type Named = { readonly name: string; readonly offer: Offer } | { readonly name: string; readonly found: Found }

const proofEnding = '.tlog-proof'

/**
 * Files that were offered together. A log proof goes with the files that have its name, whatever their ending is and whatever was added to the
 * name (`370100-1.tlog-proof` with `370100-1.sd-jwt` and `370100-1 (2).pdf`); one that goes with none is a file like any other.
 */
export function namedFiles(given: Iterable<File>): readonly Named[] {
  const files = [...given]
  const isProof = ({ name }: File): boolean => name.endsWith(proofEnding)
  const stemOf = ({ name }: File): string => name.slice(0, -proofEnding.length)
  // The longest name that fits is the nearest.
  const proofs = files.filter(isProof).toSorted((one, other) => other.name.length - one.name.length)
  const proofOf = (file: File): File | undefined =>
    proofs.find((proof) => file.name.startsWith(stemOf(proof)) && !/^[\p{L}\p{N}]/u.test(file.name.slice(stemOf(proof).length)))
  const taken = new Set<File>()
  const records = files.map((file) => {
    const proof = isProof(file) ? undefined : proofOf(file)
    if (proof !== undefined) taken.add(proof)
    return { file, proof }
  })
  return records
    .filter(({ file }) => !taken.has(file))
    .map(({ file, proof }) => ({ name: file.name, offer: { kind: 'file', name: file.name, blob: file, ...(proof === undefined ? {} : { proof }) } }))
}
