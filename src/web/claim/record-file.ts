/** Media type of a record (SD-JWT VC). */
export const recordFileType = 'application/dc+sd-jwt'

/** A number as part of a file's name: it was signed, and may still hold what a file system or a shell takes for something else. */
export const fileNameOf = (number: string | undefined): string => (number ?? 'record').replaceAll(/[^\p{L}\p{N}-]+/gu, '_')
