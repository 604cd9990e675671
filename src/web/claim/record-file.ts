/** Media type of a record (SD-JWT VC). */
export const recordFileType = 'application/dc+sd-jwt'

/** Of a log proof (C2SP tlog-proof): lines of text. */
export const proofFileType = 'text/plain'

/** A number as part of a file's name: it was signed, and may still hold what a file system or a shell takes for something else. */
export const fileNameOf = (number: string | undefined): string => (number ?? 'record').replaceAll(/[^\p{L}\p{N}-]+/gu, '_')
