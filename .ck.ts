import { readFileSync } from 'node:fs'
import { judgeInWorker } from './src/registry/ledger/run-in-worker.ts'
import { judgeLedger } from './src/registry/ledger/judge-ledger.ts'
import { ledgerLimits } from './src/registry/ledger/ledger-limits.ts'
const expectOf: any = { error: 'refused', fix: 'normalised', warn: 'warned' }
const [,, ans, ...files] = process.argv
const answers = new Map(JSON.parse(readFileSync(ans!, 'utf8')).answers.map((a: any) => [a.row, a]))
for (const file of files) {
  let diff = 0, n = 0; const codes: any = {}
  const t = performance.now(); let peak = 0
  const run = process.env.INLINE ? judgeLedger : judgeInWorker
  for await (const part of run({ source: { path: file! }, family: 'title', context: { today: '2026-11-22' as any, issuerNames: ['济南市人力资源和社会保障局'] }, limits: ledgerLimits, batchRows: 500 })) {
    peak = Math.max(peak, process.memoryUsage().rss)
    if (part.kind === 'header') { continue }
    for (const r of part.rows) {
      n++
      const a: any = answers.get(r.row)
      const want = a ? expectOf[a.expect] : 'accepted'
      if (a) { const k = `${a.defect} → ${r.outcome}: ${r.findings.map(f => f.column + ':' + f.code).join(', ')}`; codes[k] = (codes[k] ?? 0) + 1 }
      if (want !== r.outcome) { if (diff++ < 10) console.log(file, r.row, a, r.outcome, r.findings, r.cells.join('|')) }
    }
  }
  const ms = performance.now() - t
  console.log(file, n, 'rows', diff, 'differences', ms.toFixed(0), 'ms', (n / ms * 1000).toFixed(0), 'rows/s; peak rss MB', (peak / 1e6).toFixed(0))
  if (!process.env.Q) console.log(codes)
}
