import { z } from 'zod'

import { ledgerFamilies } from '#core/ledger/columns.ts'
import { outcomes } from '#core/ledger/judgement.ts'
import { FamilyId } from '#core/model/family-id.ts'
import { tellsIdentityNumber } from '#core/model/identity-in-text.ts'
import { Instant } from '#core/model/instant.ts'
import type { Route } from './route.ts'
import { page, pageLimit, pageQuery, Uuid } from './schemas.ts'

export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const params = z.strictObject({ job: Uuid })

const Counts = z
  .record(z.string(), z.int())
  .meta({ id: 'ImportCounts', description: 'Rows by outcome; `issued`: records issued; `already`: registered before' })

export const ImportStatus = z
  .strictObject({
    job: Uuid,
    family: FamilyId,
    state: z.enum(['queued', 'running', 'done', 'failed']),
    dryRun: z.boolean(),
    total: z.int().optional().meta({ description: 'Rows of the file, where they are known' }),
    done: z.int(),
    counts: Counts,
    requestedBy: z.string(),
    createdAt: Instant,
    updatedAt: Instant,
    error: z.string().optional().meta({ description: 'Code of the problem that ended it' }),
    problem: z
      .strictObject({
        title: z.string(),
        titleEn: z.string(),
        remedy: z.string(),
        remedyEn: z.string(),
        at: z.string().optional().meta({ description: 'Where in the file' }),
        detail: z.string().optional().meta({ description: 'What of this file, such as the columns that it lacks' }),
      })
      .optional()
      .meta({ description: 'What the code means and what to do' }),
  })
  .meta({ id: 'ImportStatus' })

/** Kept in the clear and shown in lists of jobs. */
const FileName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !tellsIdentityNumber(name), { error: 'an identity number stands in it' })

export const createImport = {
  id: 'createImport',
  method: 'post',
  path: '/imports',
  summary: { zh: '上传台账并试运行', en: 'Hand in a ledger for a dry run. It is issued when a second person has approved what the dry run shows' },
  scope: ['import'],
  query: z.strictObject({ family: z.enum(ledgerFamilies), dryRun: z.literal('true'), fileName: FileName.optional() }),
  contentType: ['text/csv', xlsxType],
  limit: 'ledger',
  idempotent: true,
  reply: z.strictObject({ job: Uuid }),
} satisfies Route

export const listImports = {
  id: 'listImports',
  method: 'get',
  path: '/imports',
  summary: { zh: '导入任务列表', en: 'Imports, oldest first' },
  scope: ['import', 'approve'],
  query: z.strictObject(pageQuery),
  reply: page(ImportStatus),
} satisfies Route

export const getImport = {
  id: 'getImport',
  method: 'get',
  path: '/imports/{job}',
  summary: { zh: '导入进度', en: 'How far an import has come' },
  scope: ['import', 'approve'],
  params,
  reply: ImportStatus,
} satisfies Route

const RowFinding = z.strictObject({
  column: z.string(),
  code: z.string(),
  severity: z.enum(['refusal', 'warning', 'change']),
  message: z.string(),
  messageEn: z.string(),
  remedy: z.string(),
  remedyEn: z.string(),
  earlierRow: z.int().optional(),
})

export const listImportRowsRoute = {
  id: 'listImportRows',
  method: 'get',
  path: '/imports/{job}/rows',
  summary: { zh: '逐行结果', en: 'Result of each row of the file; the header is row 1' },
  scope: ['import', 'approve'],
  params,
  query: z.strictObject({
    after: z
      .string()
      .regex(/^\d{1,8}$/)
      .transform(Number)
      .optional(),
    limit: pageLimit(1000),
  }),
  reply: z.strictObject({
    rows: z.array(z.strictObject({ row: z.int(), outcome: z.enum(outcomes), findings: z.array(RowFinding), record: Uuid.optional() })),
    next: z.int().nullable(),
  }),
} satisfies Route

export const importResult = {
  id: 'importResult',
  method: 'get',
  path: '/imports/{job}/result',
  summary: { zh: '结果文件（可更正后重新导入）', en: 'The ledger again with its results, to be corrected and handed in anew' },
  scope: ['import'],
  params,
  query: z.strictObject({ format: z.enum(['csv', 'xlsx']), rows: z.enum(['all', 'notable']).optional() }),
  replyType: ['text/csv', xlsxType],
} satisfies Route

export const approveImportRoute = {
  id: 'approveImport',
  method: 'post',
  path: '/imports/{job}/approval',
  summary: { zh: '审批导入', en: 'Approve a dry run that somebody else handed in: its accepted rows are issued' },
  scope: ['approve'],
  params,
  body: z.strictObject({}),
  idempotent: true,
  reply: z.strictObject({ job: Uuid }),
} satisfies Route
