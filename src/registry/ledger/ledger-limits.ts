/** What a ledger file may cost. Every limit is a refusal with a name, never a slow server. */
export interface LedgerLimits {
  /** The most bytes of the file itself. */
  readonly bytes: number
  readonly rows: number
  readonly columns: number
  /** The most characters of one cell that are kept; what is longer is cut after one more, so that a judge sees that it is too long. */
  readonly cellCharacters: number
  /** Archives only: entries, and bytes they say to unpack to. */
  readonly entries: number
  readonly unpackedBytes: number
  /** Archives only: how many times its packed size an entry above 1 MB may unpack to. */
  readonly ratio: number
  /** Workbooks only: bytes of all shared strings together. */
  readonly sharedStringBytes: number
}

/** A city's ledger of a million certificates fits as CSV, of some 400,000 as a workbook; XML of real workbooks packs 10 to 60 times. */
export const ledgerLimits: LedgerLimits = {
  bytes: 512 * 1024 * 1024,
  rows: 1_048_576,
  columns: 256,
  cellCharacters: 4096,
  entries: 2000,
  unpackedBytes: 512 * 1024 * 1024,
  ratio: 200,
  sharedStringBytes: 128 * 1024 * 1024,
}
