import { verify } from '#core/verify/verify.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { makeAlliance } from '../test/support/make-alliance.ts'
import { titleDraft } from './drafts.ts'
import { checkDraft } from '#core/credential/check-draft.ts'
import { families } from '#core/credential/families.ts'
import { issueRecord } from '#core/credential/issue-record.ts'
import { randomBytes } from 'node:crypto'
const { trust, rules, at, issue, city } = makeAlliance({ cities: ['370100', '370300'] })
const drafts = Array.from({ length: 64 }, (_, i) => titleDraft(i))
const ev = drafts.map((d) => encodeUtf8(issue('370100', 'title', d)))
const stub = { ...nodeEngine, verify: () => true }
const which = process.argv[2]
const pol = { today: '2026-11-22' as never, scope: { families: Object.keys(families) as never, divisions: ['370100' as never] }, division: '370100' }
const env = (i: number) => ({ iss: 'https://370100.comity.example', iat: 1, division: '370100' as never, issuedBy: 'x', number: 'JN' + i, status: { status_list: { idx: i, uri: 'https://370100.comity.example/status/1' } } })
const sg = { kid: city('370100').issue.signer.kid, sign: () => new Uint8Array(64) }
const f = which === 'verify' ? (i: number) => void verify(ev[i & 63]!, trust, rules, at, shippedPolicy, stub) : (i: number) => void issueRecord(checkDraft(families.title, drafts[i & 63]!, pol), env(i & 63), sg, nodeEngine, (l) => new Uint8Array(randomBytes(l)))
for (let r = 0; r < 4; r++) { const c = process.cpuUsage(); for (let i = 0; i < 30000; i++) f(i); const u = process.cpuUsage(c); console.log(which, (u.user + u.system) / 30000) }
