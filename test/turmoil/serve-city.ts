// Serves a node like `comity serve`, but looks at its neighbours and asks its witnesses every so many seconds. Started by `city-processes.ts`:
//   node serve-city.ts DATA PORT SECONDS
import { readConfig } from '../../src/config.ts'
import { serveNode } from '../../src/main.ts'

const [data = '', port = '', seconds = ''] = process.argv.slice(2)
const often = Number(seconds)
const { url, close } = await serveNode(
  { ...readConfig(process.env), data },
  { host: '127.0.0.1', port: Number(port), refreshEvery: often, cosignEvery: often, limits: { token: 100_000, witness: 100_000 }, checkReplies: true },
)
process.once('SIGTERM', () => void close())
process.stdout.write(`${JSON.stringify({ url })}\n`)
