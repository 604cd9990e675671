// Loaded before a program whose cost is measured from outside (`node --import`): leaves what it used in a file, when it ends by itself.
import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = process.env['COMITY_BENCH_USAGE']
if (file !== undefined && isMainThread) {
  process.once('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    writeFileSync(file, JSON.stringify({ cpu: userCPUTime + systemCPUTime, maxRss: maxRSS * 1024 }))
  })
}
