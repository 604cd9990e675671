import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'

/** A ledger of 3,000 rows as a bureau might have it, defects included: the same every time. */
export function makeDemoLedger(folder: string): string {
  const file = join(folder, 'titles.csv')
  execFileSync(process.execPath, [
    join(dirname(import.meta.dirname), 'make-ledger.ts'),
    '--rows',
    '3000',
    '--seed',
    '20261122',
    '--out',
    file,
    '--encoding',
    'gb18030',
    '--defects',
  ])
  return file
}
