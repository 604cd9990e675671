/** The first line of every C2SP tlog-proof of this version. */
export const proofHeader = 'c2sp.org/tlog-proof@v1'

/** Whether a text means to be one. Apart from the reader of proofs, so that whoever only asks this does not load it. */
export const isLogProof = (text: string): boolean => text.startsWith(`${proofHeader}\n`)
