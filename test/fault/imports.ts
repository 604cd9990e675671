import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { approveImportRoute, createImport, getImport, listImportRowsRoute } from '#contract/imports.ts'
import type { ReplyOf } from '#contract/route.ts'
import { Fault } from '#core/fault.ts'

import { until, type ServedNode } from '../support/served-node.ts'

export const ledgerRows = 3000

/** A ledger of 3,000 rows with the defects that ledgers have. */
export function makeLedger(): Uint8Array<ArrayBuffer> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-ledger-'))
  try {
    const file = join(folder, 'titles.csv')
    const script = fileURLToPath(new URL('../../scripts/make-ledger.ts', import.meta.url))
    execFileSync(process.execPath, [script, '--rows', String(ledgerRows), '--seed', '20', '--division', '370100', '--defects', '--out', file])
    return new Uint8Array(readFileSync(file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export type Status = ReplyOf<typeof getImport>
export type ResultRow = ReplyOf<typeof listImportRowsRoute>['rows'][number]

export const handIn = async (node: ServedNode, body: Uint8Array<ArrayBuffer>): Promise<string> =>
  (await node.call(createImport, { as: 'drafter', query: { family: 'title', dryRun: 'true', fileName: 'titles.csv' }, body, contentType: 'text/csv' })).job

export const approveImport = async (node: ServedNode, job: string): Promise<string> =>
  (await node.call(approveImportRoute, { as: 'approver', key: `import-${job}`, params: { job }, body: {} })).job

export const statusOf = (node: ServedNode, job: string): Promise<Status> => node.call(getImport, { as: 'approver', params: { job } })

/** Undefined while the database is away: whoever waits for something asks again. */
const glance = (node: ServedNode, job: string): Promise<Status | undefined> =>
  statusOf(node, job).catch((fault: unknown) => {
    if (fault instanceof Fault && fault.code === 'storage-unreachable') return undefined
    throw fault
  })

/** Waits until the job has come so far but not to its end. */
export const inTheMiddle = (node: ServedNode, job: string, least: number): Promise<Status> =>
  until(`${least} rows of the import`, async () => {
    const status = await glance(node, job)
    if (status?.state === 'done' || status?.state === 'failed')
      throw new Error(`the import is ${status.state} ${status.error ?? ''} before it was seen at ${least} rows`)
    return status !== undefined && status.done >= least ? status : undefined
  })

export const finished = (node: ServedNode, job: string): Promise<Status> =>
  until('the end of the import', async () => {
    const status = await glance(node, job)
    return status?.state === 'done' || status?.state === 'failed' ? status : undefined
  })

/** All results that there are, in the order of the file. */
export async function resultsOf(node: ServedNode, job: string): Promise<readonly ResultRow[]> {
  const rows: ResultRow[] = []
  for (let after: number | null = 0; after !== null;) {
    const page: ReplyOf<typeof listImportRowsRoute> = await node.call(listImportRowsRoute, {
      as: 'approver',
      params: { job },
      query: { after: String(after), limit: '1000' },
    })
    rows.push(...page.rows)
    after = page.next
  }
  return rows
}

/** What a row was judged to be, whatever was issued for it. */
export const judgementOf = ({ row, outcome, findings }: ResultRow) => ({ row, outcome, findings: findings.map(({ column, code }) => `${column} ${code}`) })
