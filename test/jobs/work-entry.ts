// What `serve` starts beside itself, for tests; says by a file that it has come to its end. node work-entry.ts DATA IDLE FILE
import { writeFileSync } from 'node:fs'

import { workNode } from '../../src/main.ts'

const [data = '', idle = '', ended = ''] = process.argv.slice(2)
await workNode({ data }, { idle: Number(idle), log: () => undefined })
writeFileSync(ended, String(process.pid))
