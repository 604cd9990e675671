import type { Line } from './line.ts'

type Row = () => Promise<() => Promise<readonly Line[]>>

/** The rows of the table, each loaded only where it runs, in the order in which they run. */
export const rows = {
  issue: async () => (await import('./issue-one.ts')).issueOne,
  verify: async () => (await import('./verify-one.ts')).verifyOne,
  decide: async () => (await import('./decide-one.ts')).decideOne,
  'look-up': async () => (await import('./look-up.ts')).lookUp,
  'verify-post': async () => (await import('./verify-post.ts')).verifyPost,
  'approve-post': async () => (await import('./approve-post.ts')).approvePost,
  'approve-slow-disk': async () => (await import('./approve-slow-disk.ts')).approveSlowDisk,
  'verify-file': async () => (await import('./verify-file.ts')).verifyFile,
  import: async () => (await import('./import-ledger.ts')).importLedger,
  certificate: async () => (await import('./certificate.ts')).certificate,
  page: async () => (await import('./page.ts')).verifyPage,
  log: async () => (await import('./log.ts')).log,
  'log-service': async () => (await import('./log-service.ts')).logService,
  'log-start': async () => (await import('./log-start.ts')).logStart,
  revocation: async () => (await import('./revocation.ts')).revocation,
  bundle: async () => (await import('./offline-bundle.ts')).offlineBundle,
  ready: async () => (await import('./ready.ts')).ready,
} as const satisfies Readonly<Record<string, Row>>

export type RowName = keyof typeof rows

/** Rows that take minutes and gigabytes: they run where they are named (`--only`) or everything is asked for (`--all`). */
export const longRows: readonly RowName[] = ['revocation']
