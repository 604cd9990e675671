import type { Line } from './line.ts'

type Row = () => Promise<() => Promise<readonly Line[]>>

/** The rows of the table, each loaded only where it runs. */
export const rows = {
  issue: async () => (await import('./issue-one.ts')).issueOne,
  verify: async () => (await import('./verify-one.ts')).verifyOne,
  decide: async () => (await import('./decide-one.ts')).decideOne,
  'look-up': async () => (await import('./look-up.ts')).lookUp,
  'verify-post': async () => (await import('./verify-post.ts')).verifyPost,
  'approve-post': async () => (await import('./approve-post.ts')).approvePost,
  'verify-file': async () => (await import('./verify-file.ts')).verifyFile,
  import: async () => (await import('./import-ledger.ts')).importLedger,
  certificate: async () => (await import('./certificate.ts')).certificate,
  page: async () => (await import('./page.ts')).verifyPage,
  log: async () => (await import('./log.ts')).log,
  'log-service': async () => (await import('./log-service.ts')).logService,
  bundle: async () => (await import('./offline-bundle.ts')).offlineBundle,
  ready: async () => (await import('./ready.ts')).ready,
} as const satisfies Readonly<Record<string, Row>>

export type RowName = keyof typeof rows
