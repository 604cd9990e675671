import { isMainThread } from 'node:worker_threads'

// Entry of the build into one file (vite.config.ts). That file is all there is beside Node, so its worker threads and processes are started from
// it again: the first argument says which of them it is. A process that has been forked has a channel; no command of that name exists besides.
const workers: Readonly<Record<string, () => Promise<unknown>>> = {
  'ledger-worker': () => import('#registry/ledger/ledger-worker.ts'),
  'verify-worker': () => import('./verify/verify-worker.ts'),
  'certificate-worker': () => import('#registry/certificate/certificate-worker.ts'),
}

const worker = isMainThread && process.channel === undefined ? undefined : workers[process.argv[2] ?? '']
await (worker === undefined ? import('./main.ts') : worker())
