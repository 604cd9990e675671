import { readUuid, uuidText } from '#core/model/uuid.ts'
import { listImportRows, type ImportRow } from '#storage/import-jobs.ts'
import { openStore, type Store } from '#storage/open-store.ts'
import { listLogLeaves } from '#storage/log.ts'
import { listUnpublished } from '#storage/outbox.ts'
import { listRecords, type RecordRow } from '#storage/records.ts'

import { checkLog, type LogCheck } from '#registry/log/check-log.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'

import { databaseFile, openNode } from '../../src/main.ts'
import type { MadeNode } from '../support/served-node.ts'

/** What is in the database, read past everything that answers for it. */
export interface Register {
  readonly records: readonly RecordRow[]
  readonly byId: ReadonlyMap<string, RecordRow>
  /** Digests of records, in the log or waiting for it. */
  readonly outbox: readonly string[]
  readonly rows: readonly ImportRow[]
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Reads the whole register, and the results of one import. */
export async function readRegister({ place: { data, databaseUrl } }: MadeNode, job: string): Promise<Register> {
  const store: Store = await openStore(databaseUrl === undefined ? { file: databaseFile(data) } : { url: databaseUrl })
  try {
    const records = await listRecords(store.read, { after: new Uint8Array(0), limit: 1_000_000 })
    const outbox = [...(await listLogLeaves(store.read, { from: 0, to: 1_000_000 })), ...(await listUnpublished(store.read, { limit: 1_000_000 }))]
    const rows = await listImportRows(store.read, { jobId: readUuid(job)!, after: 0, limit: 1_000_000 })
    return {
      records,
      byId: new Map(records.map((record) => [uuidText(record.id), record])),
      outbox: outbox.filter(({ kind }) => kind === 'record').map(({ digest }) => hex(digest)),
      rows,
    }
  } finally {
    await store.close()
  }
}

/** What the log and the register say of each other, when all that waited is in the log. */
export async function checkedLog({ place }: MadeNode): Promise<LogCheck> {
  const { office, close } = await openNode(place)
  try {
    await sequenceLog(office)
    return await checkLog(office, () => undefined)
  } finally {
    await close()
  }
}

/** Serials in order, by family and year. */
export function serialsOf(records: readonly RecordRow[]): Readonly<Record<string, readonly number[]>> {
  const classes = Map.groupBy(records, ({ family, year }) => `${family}/${year}`)
  return Object.fromEntries(Array.from(classes, ([name, of]) => [name, of.map(({ serial }) => serial).toSorted((one, other) => one - other)]))
}

export const oneTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)
