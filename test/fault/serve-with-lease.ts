// Serves a node like `comity serve`, but a worker that has died is waited for only so many seconds, and it commits more often than it would,
// so that there is more to be killed between. Started by the tests beside it:
//   node serve-with-lease.ts serve|work DATA SECONDS
import { fileURLToPath } from 'node:url'

import { readConfig } from '../../src/config.ts'
import { serveNode, workNode } from '../../src/main.ts'

const [task, data = '', lease = ''] = process.argv.slice(2)
const place = { ...readConfig(process.env), data }
if (task === 'work') await workNode(place, { lease: Number(lease), batch: 200 })
else {
  const { url, close } = await serveNode(place, { host: '127.0.0.1', port: 0, refreshEvery: 0, worker: [fileURLToPath(import.meta.url), 'work', data, lease] })
  process.once('SIGTERM', () => void close())
  process.stdout.write(`${JSON.stringify({ url })}\n`)
}
