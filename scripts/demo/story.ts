import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { callRoute } from '#contract/client.ts'
import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { approveImportRoute, createImport, getImport, listImportRowsRoute } from '#contract/imports.ts'
import { claim, verifyRoute } from '#contract/public.ts'
import { draftRecognitionRoute } from '#contract/recognitions.ts'
import { changeStatusRoute, handOutCode, presentRecord } from '#contract/records.ts'
import type { BodyOf, ReplyOf } from '#contract/route.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { effectTexts, modeTexts, originTexts } from '#core/rules/outcome-texts.ts'
import { standingOf } from '#core/rules/decision.ts'
import { reasonTexts, type ReasonCode } from '#core/rules/reason-texts.ts'
import { questionText } from '#core/verify/decision-texts.ts'
import { checkTexts } from '#core/verify/verdict-texts.ts'
import { verdictReasonTexts, type VerdictReason } from '#core/verify/reason-texts.ts'
import { alliances } from './cities.ts'
import { attachedRecord } from './attached-record.ts'
import { platformFetch, type Caller } from './callers.ts'
import { engineerTitle } from './engineer-title.ts'
import { runCommand } from './nodes.ts'
import { stolenKey } from './stolen-key.ts'
import { fact, mark, markRecognition, step } from './tell.ts'

export interface Town {
  readonly division: string
  readonly data: string
  readonly url: string
  /** Two officers, since nobody approves what they drafted. */
  readonly drafter: Caller
  readonly approver: Caller
}

export interface Towns {
  readonly jinan: Town
  readonly zibo: Town
  readonly binzhou: Town
  readonly qingdao: Town
}

/** Files: a certificate, and what a forger made of it. */
interface Certificates {
  readonly certificate: string
  readonly changed: string
}

/** The story of the demo, over HTTP but for its last step. Every figure is counted while it happens. */
export async function tellStory(towns: Towns, ledger: string, folder: string, certificates: Certificates): Promise<void> {
  await importLedger(towns.jinan, ledger)
  const hers = await receive(towns.jinan)
  const recognition = await recogniseAtZibo(towns, hers)
  await askQingdao(towns, hers)
  const teacher = await bothAlliances(towns)
  await verifyOffline(towns, hers, folder, certificates)
  await stolenKey(towns, teacher, () => teacherAtBinzhou(towns.binzhou, '王秀兰', '37160219790122002X'), folder)
  await revoke(towns, hers, recognition)
}

async function importLedger({ drafter, approver }: Town, ledger: string): Promise<void> {
  step(
    '济南：导入历史台账——先试运行，再由第二人审批后签发',
    'Jinan takes over an old ledger: a dry run first, then a second officer approves and the records are signed',
  )
  const body = new Uint8Array(readFileSync(ledger))
  const { job } = await drafter.call(createImport, { query: { family: 'title', dryRun: 'true', fileName: 'titles.csv' }, body, contentType: 'text/csv' })
  const dry = await finished(drafter, job)
  fact(`试运行 dry run: ${dry.done} 行 rows — ${outcomes(dry.counts)}`)
  const { rows } = await drafter.call(listImportRowsRoute, { params: { job }, query: {} })
  for (const { row, findings } of rows.filter(({ outcome }) => outcome === 'refused').slice(0, 3))
    fact(`第 ${row} 行 ${findings[0]?.column ?? ''}：${findings[0]?.message ?? ''}（${findings[0]?.remedy ?? ''}）`)
  const before = performance.now()
  const approval = await approver.call(approveImportRoute, { params: { job }, body: {} })
  const real = await finished(approver, approval.job)
  const took = (performance.now() - before) / 1000
  fact(`签发 signed: ${real.counts['issued'] ?? 0} 份 records，${took.toFixed(1)} s，每秒 ${Math.round((real.counts['issued'] ?? 0) / took)} 份`)
}

const outcomes = (counts: Readonly<Record<string, number>>): string =>
  `接受 accepted ${counts['accepted'] ?? 0}，规范化 normalised ${counts['normalised'] ?? 0}，提示 warned ${counts['warned'] ?? 0}，退回 refused ${counts['refused'] ?? 0}`

async function finished(caller: Caller, job: string): Promise<ReplyOf<typeof getImport>> {
  for (;;) {
    const status = await caller.call(getImport, { params: { job } })
    if (status.state === 'failed') throw new Error(`the import ended with ${status.error ?? 'an unknown problem'}`)
    if (status.state === 'done') return status
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

/** What the holder has in hand. */
interface Copy {
  readonly record: string
  readonly text: string
}

const herDraft: BodyOf<typeof createDraft> = {
  family: 'title',
  draft: {
    body: engineerTitle,
    personal: {
      name: { name: '阿依古丽·买买提' },
      identity: { kind: 'resident_id', number: '370112197601180104' },
      birth: { date: '1976-01-18', gender: 'female' },
      employer: '济南建工集团有限公司',
    },
  },
}

/** Drafted by one officer, approved by another. */
async function issue({ drafter, approver }: Town, draft: BodyOf<typeof createDraft>): Promise<ReplyOf<typeof approveDraftRoute>> {
  const receipt = await drafter.call(createDraft, { body: draft })
  return approver.call(approveDraftRoute, { params: { draft: receipt.draft }, body: {} })
}

async function receive(jinan: Town): Promise<Copy> {
  step('济南：两人签发一份职称记录，本人凭领取码领取', 'Jinan: two officers issue a title; the person receives hers with a claim code')
  const { record, number, registration } = await issue(jinan, herDraft)
  fact(`证书编号 number ${number}，登记号 registration ${registration}`)
  const { code } = await jinan.drafter.call(handOutCode, { params: { record }, body: {} })
  fact(`领取码 claim code ${code} + 证件号后六位 last six characters`)
  const { text } = await callRoute(claim, { base: jinan.url, body: { code, lastSix: '180104' } }, platformFetch)
  fact(`本人得到 she holds ${text.length} 字节 bytes of SD-JWT；只出示姓名时 showing her name only: ${presentSdJwt(text, ['name']).length}`)
  return { record, text }
}

async function verdictAt(town: Town, record: string, place = town.division): Promise<Extract<ReplyOf<typeof verifyRoute>, { verdict: unknown }>['verdict']> {
  const reply = await callRoute(verifyRoute, { base: town.url, body: { record, for: place } }, platformFetch)
  if (!('verdict' in reply)) throw new Error('one record, one verdict')
  return reply.verdict
}

type Verdict = Awaited<ReturnType<typeof verdictAt>>

const verdictText = (code: string | undefined): string =>
  code !== undefined && code in verdictReasonTexts ? verdictReasonTexts[code as VerdictReason].zh : (code ?? '') // looked up just before
const reasonText = (code: string): string => (code in reasonTexts ? reasonTexts[code as ReasonCode].zh : code) // the same

/** By its name, with the id that machines go by beside it. */
function allianceText(id: string | null): string {
  if (id === null) return '全国规定 national law'
  const name = alliances.alliances.find((alliance) => alliance.id === id)?.name
  return name === undefined ? id : `${name.zh} ${name.en}（${id}）`
}

function tellVerdict({ answer, checks, recognition, issuer }: Verdict): void {
  const failed = checks.filter((check) => check.answer !== 'yes')
  fact(
    `真实有效 genuine: ${mark(answer)}（${checks.length} 项检查 checks，发证机关 issuer ${issuer?.name.zh ?? '—'}）${failed.map(({ id, reason }) => ` ${checkTexts[id].zh}：${verdictText(reason)}`).join('')}`,
  )
  if (recognition === null) return
  const { carriedBy, mode, effects } = recognition
  fact(
    `互认 recognition: ${markRecognition(standingOf(recognition))} — ${modeTexts[mode].zh} ${modeTexts[mode].en}${effects.length === 0 ? '' : `：${effects.map((effect) => effectTexts[effect].zh).join('、')}`}`,
  )
  if (carriedBy !== undefined)
    fact(
      `依据 basis: ${allianceText(carriedBy.alliance)} / ${carriedBy.ruleSet} v${carriedBy.version} / ${carriedBy.rule}（${originTexts[carriedBy.origin].zh}）`,
    )
  if (recognition.openQuestions.length > 0)
    fact(`待经办人员确认 for an officer to confirm: ${recognition.openQuestions.map((open) => `${questionText(open).zh} ${questionText(open).en}`).join('；')}`)
  if (recognition.answer !== 'yes') fact(`原因 why: ${recognition.reasons.map(reasonText).join('；')}`)
}

async function recogniseAtZibo({ zibo }: Towns, { text }: Copy): Promise<string> {
  step('淄博：用自己持有的信任数据核验，并签发互认确认', 'Zibo verifies with its own copy of the trust data, and issues a recognition record')
  await zibo.drafter.call(refreshTrustRoute, { body: {} })
  tellVerdict(await verdictAt(zibo, text))
  const draft = await zibo.drafter.call(draftRecognitionRoute, {
    body: { record: text, purpose: 'appointment', stated: { holderDishonestyRecordActive: false } },
  })
  const { record, number } = await zibo.approver.call(approveDraftRoute, { params: { draft: draft.draft }, body: {} })
  const { text: recognition } = await zibo.drafter.call(presentRecord, { params: { record }, body: {} })
  fact(`互认确认 recognition record ${number}（${modeTexts[draft.mode].zh}）`)
  return recognition
}

async function askQingdao({ qingdao }: Towns, { text }: Copy): Promise<void> {
  step(
    '青岛：记录属实，但没有协议覆盖——不猜测，转人工',
    'Qingdao: the record is genuine, but no agreement covers the case, so it refuses to guess and refers it to an officer',
  )
  await qingdao.drafter.call(refreshTrustRoute, { body: {} })
  tellVerdict(await verdictAt(qingdao, text))
}

async function bothAlliances({ binzhou, jinan, qingdao }: Towns): Promise<string> {
  step(
    '滨州同属两个联盟：同一份记录在济南和青岛各有依据',
    'Binzhou belongs to both alliances: one record counts in Jinan and in Qingdao, each under its own agreement',
  )
  const text = await teacherAtBinzhou(binzhou, '李𠮷', '371602198512310122')
  for (const town of [jinan, qingdao]) {
    await town.drafter.call(refreshTrustRoute, { body: {} })
    tellVerdict(await verdictAt(town, text))
  }
  return text
}

async function teacherAtBinzhou(binzhou: Town, name: string, number: string): Promise<string> {
  const { record } = await issue(binzhou, {
    family: 'title',
    draft: {
      body: {
        series: '22',
        track: '中小学(含幼儿园)',
        title: '一级教师',
        level: 'intermediate',
        major: '语文',
        method: 'review',
        obtainedOn: '2019-11-02',
        issuedOn: '2019-12-09',
      },
      personal: { name: { name }, identity: { kind: 'resident_id', number } },
    },
  })
  const { text } = await binzhou.drafter.call(presentRecord, { params: { record }, body: {} })
  return text
}

async function revoke({ jinan, zibo, qingdao }: Towns, { record, text }: Copy, recognition: string): Promise<void> {
  step('济南撤销该记录：各方随即可见，淄博的互认确认随之失去依据', 'Jinan revokes it: everybody sees it, and what Zibo built on it falls with it')
  await jinan.drafter.call(changeStatusRoute, { params: { record }, body: { change: 'revoked', reason: 'fraud' } })
  for (const town of [zibo, qingdao]) await town.drafter.call(refreshTrustRoute, { body: {} })
  tellVerdict(await verdictAt(jinan, text))
  tellVerdict(await verdictAt(qingdao, text))
  tellVerdict(await verdictAt(zibo, recognition))
}

/** The same without a network: a folder of signed files and the command. */
async function verifyOffline({ zibo }: Towns, { text }: Copy, folder: string, { certificate, changed }: Certificates): Promise<void> {
  step('离线核验：一个文件夹、一条命令，无需任何节点', 'Offline: a folder of signed files and one command, no node needed')
  const trust = join(folder, 'trust')
  await runCommand(['trust', 'export', '--data', zibo.data, '--out', trust])
  const file = join(folder, 'record.sd-jwt')
  writeFileSync(file, `${text}\n`)
  fact(`原件 as issued: ${mark(await answerOf(file, trust))}`)
  // The second part of the token is its payload.
  writeFileSync(file, `${text.replace(/\.(.{40})(.)/, (_whole, before: string, byte: string) => `.${before}${byte === 'A' ? 'B' : 'A'}`)}\n`)
  fact(`改动一个字节 one byte changed: ${mark(await answerOf(file, trust))}`)
  for (const [told, pdf] of [
    ['证书所附的记录 attached to a certificate', certificate],
    ['证书所附的记录被改过 attached and changed', changed],
  ] as const) {
    writeFileSync(file, `${attachedRecord(readFileSync(pdf))}\n`)
    fact(`${told}: ${mark(await answerOf(file, trust))}`)
  }
}

async function answerOf(file: string, trust: string): Promise<'yes' | 'no' | 'cannot-tell'> {
  const { code } = await runCommand(['verify', file, '--trust', trust, '--json'])
  if (code !== 0 && code !== 1 && code !== 2) throw new Error(`comity verify ended with ${String(code)}`)
  return (['yes', 'no', 'cannot-tell'] as const)[code]
}
