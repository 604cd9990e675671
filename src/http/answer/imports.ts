import { approveImportRoute, createImport, getImport, importResult, listImportRowsRoute, listImports, xlsxType } from '#contract/imports.ts'
import { approveImport, queueImport } from '#registry/import-ledger.ts'
import { importPage, importRows, importStatus, openImportResult } from '#registry/import-results.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

export function bindImports(binding: Binding, { office, importQueued }: Pick<Desks, 'office' | 'importQueued'>): void {
  bind(binding, createImport, async ({ query: { family, fileName }, body, contentType, request }) => {
    const queued = await queueImport(office, request, {
      family,
      fileName: fileName ?? (contentType === xlsxType ? 'ledger.xlsx' : 'ledger.csv'),
      bytes: body,
      dryRun: true,
    })
    importQueued()
    return queued
  })
  bind(binding, listImports, ({ query }) => importPage(office, query))
  bind(binding, getImport, ({ params }) => importStatus(office, params.job))
  bind(binding, listImportRowsRoute, ({ params, query }) => importRows(office, params.job, query))
  bind(binding, importResult, async ({ params, query: { format, rows } }) => {
    const write = await openImportResult(office, params.job)
    return {
      contentType: format === 'xlsx' ? xlsxType : 'text/csv; charset=utf-8',
      fileName: `import-${params.job}.${format}`,
      write: (sink) => write(sink, { format, all: rows !== 'notable' }),
    }
  })
  bind(binding, approveImportRoute, async ({ params, request }) => {
    const queued = await approveImport(office, request, params.job)
    importQueued()
    return queued
  })
}
