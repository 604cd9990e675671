import { createServer } from 'node:http'
import express from 'express'
import helmet from 'helmet'
import { openThrottle } from '/work/main/src/http/throttle.ts'
import { openServer } from '/work/main/src/http/open-server.ts'
import { verifyRecords } from '/work/main/src/registry/verify-records.ts'
import { parseJson } from '/work/main/src/core/encoding/parse-json.ts'
import { VerifyRequest } from '/work/main/src/contract/public.ts'
import { openTestNode } from '/work/main/test/support/open-test-node.ts'
import { titleDraft } from '/work/main/test/support/examples.ts'
import * as d from '/work/main/src/contract/drafts.ts'
import * as r from '/work/main/src/contract/records.ts'
const node = await openTestNode({ checkReplies: false, limits: { verify: 1e9 }, logSample: 1000 })
const { draft } = await node.call(d.createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() as never } })
const issued = await node.call(d.approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
const { text } = await node.call(r.presentRecord, { as: 'approver', params: { record: issued.record }, body: {} })
const reply = Buffer.from(await (await fetch(node.url + '/verify', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ record: text }) })).text())
import { verify as rawVerify, generateKeyPairSync, sign } from 'node:crypto'
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const m = Buffer.alloc(1200, 7); const sg = sign(null, m, privateKey)
const read = (req: any, done: (b: Buffer) => void) => { const c: Buffer[] = []; req.on('data', (x: Buffer) => c.push(x)); req.on('end', () => done(c.length === 1 ? c[0]! : Buffer.concat(c))) }
const end = (res: any) => { res.setHeader('content-type', 'application/json'); res.setHeader('content-length', reply.length); res.end(reply) }
const listen = async (s: any) => { await new Promise<void>((done) => s.listen(0, '127.0.0.1', done)); return `http://127.0.0.1:${s.address().port}` }
const bare = (...uses: any[]) => { const app = express(); app.disable('etag'); app.disable('x-powered-by'); app.set('query parser', false); app.set('trust proxy', 'loopback'); for (const u of uses) app.use(u); app.post('/verify', (req: any, res: any) => read(req, () => end(res))); return app }
const hel = helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } } })
const urls: Record<string, string> = {
  null: await listen(createServer((req, res) => read(req, () => end(res)))),
  nullRaw: await listen(createServer((req, res) => read(req, () => { rawVerify(null, m, publicKey, sg); end(res) }))),
  express: await listen(createServer(bare())),
  expressBorn: await listen(openServer(bare())),
  helmet: await listen(openServer(bare(hel))),
  throttle: await listen(openServer(bare(openThrottle(1e9)))),
  verifyOnly: await listen(createServer((req, res) => read(req, (b) => { void verifyRecords(node.office, node.desk, [JSON.parse(b.toString()).record], {}).then(([v]) => { res.setHeader('content-type', 'application/json'); const o = Buffer.from(JSON.stringify({ verdict: v })); res.setHeader('content-length', o.length); res.end(o) }) }))),
  parseOnly: await listen(createServer((req, res) => read(req, (b) => { VerifyRequest.parse(parseJson(b, { bytes: 1e7, depth: 16 })); end(res) }))),
  full: node.url,
}
import { Session } from 'node:inspector'
import { writeFileSync } from 'node:fs'
const session = new Session(); session.connect()
process.on('message', (q: any) => {
  if (q === 'prof') { session.post('Profiler.enable'); session.post('Profiler.setSamplingInterval', { interval: 200 }); session.post('Profiler.start', () => process.send!({})) }
  if (q === 'profend') session.post('Profiler.stop', (_e: any, r: any) => { writeFileSync('/tmp/bench/x.cpuprofile', JSON.stringify(r.profile)); process.send!({}) })
  if (q === 'cpu') { const u = process.cpuUsage(); process.send!({ cpu: u.user + u.system }) }
  if (q === 'end') process.exit()
})
process.send!({ urls, text })
