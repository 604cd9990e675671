import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { callRoute } from '#contract/client.ts'
import { verifyRoute } from '#contract/public.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import { instantOf } from '#core/model/instant.ts'
import { verdictReasonTexts } from '#core/verify/reason-texts.ts'
import { platformFetch } from './callers.ts'
import { runCommand } from './nodes.ts'
import type { Town } from './story.ts'
import { fact, mark, step } from './tell.ts'

/** Cosignatures that the proof of a record of Binzhou needs here, and how long they are waited for. */
const wanted = 1
const patience = 60

/**
 * A key is stolen in Binzhou, and what it does not cost: what was in the log before, with its neighbours' word for when, stays good; what came
 * after is worth nothing, although its signature is as perfect.
 *
 * @param before a record that Binzhou has issued
 * @param issueAnother another one, under the key that by then is somebody else's too
 */
export async function stolenKey(
  { binzhou, jinan }: { readonly binzhou: Town; readonly jinan: Town },
  before: string,
  issueAnother: () => Promise<string>,
  folder: string,
): Promise<void> {
  step(
    '滨州的签发密钥失窃：入过日志的记录不受影响，失窃之后签的一律无效',
    "Binzhou's issuing key is stolen: what stood in the log before stays good, and what was signed after is worth nothing",
  )
  const proof = await proofOf(binzhou, before, join(folder, 'before.sd-jwt'))
  const known = await ask(jinan, before, proof)
  fact(`入日志 logged: ${known.logged?.at ?? '—'}，由 ${known.logged?.by.length ?? 0} 个邻市联署 cosigned by neighbours（${known.logged?.log ?? ''}）`)
  await setTimeout(1100)
  const since = instantOf(Math.floor(Date.now() / 1000))
  await setTimeout(1100)
  const after = await issueAnother()
  const stolenProof = await proofOf(binzhou, after, join(folder, 'after.sd-jwt'))
  fact(`发现之前，失窃后签的也看似真实 before it is known, one signed since looks genuine, too: ${mark((await ask(jinan, after, stolenProof)).answer)}`)

  const kid = await issuingKeyOf(binzhou)
  const dry = await run(['keys', 'compromise', kid, '--since', since, '--data', binzhou.data, '--dry-run', '--json'])
  fact(`试算 dry run: comity keys compromise --since ${since} --dry-run → ${affected(dry)}`)
  await run(['keys', 'compromise', kid, '--since', since, '--data', binzhou.data, '--json'])
  await jinan.drafter.call(refreshTrustRoute, { body: {} })
  for (const [told, record, with_] of [
    ['失窃前入日志，附日志证明 logged before, with its proof', before, proof],
    ['同一份记录，不附证明 the same without its proof', before, undefined],
    ['失窃后签的，附日志证明 signed since, with its proof', after, stolenProof],
  ] as const) {
    const { answer, checks } = await ask(jinan, record, with_)
    const reason = checks.find(({ id, answer: of }) => id === 'key-in-force' && of !== 'yes')?.reason
    fact(`${told}: ${mark(answer)}${reason === undefined ? '' : `（${verdictReasonTexts[reason].zh}）`}`)
  }
  const checked = await run(['log', 'check', '--data', binzhou.data, '--json'])
  fact(
    `日志自查 comity log check: ${String(checked['leaves'])} 个条目 entries，${String(checked['records'])} 条记录 records，${(checked['findings'] as readonly unknown[]).length} 处不符 findings`,
  )
}

async function ask(town: Town, record: string, proof: string | undefined) {
  const reply = await callRoute(verifyRoute, { base: town.url, body: { record, ...(proof === undefined ? {} : { proof }) } }, platformFetch)
  if (!('verdict' in reply)) throw new Error('one record, one verdict')
  return reply.verdict
}

/** Waits for the neighbours' word, which is asked for every few seconds. */
async function proofOf(town: Town, record: string, file: string): Promise<string> {
  writeFileSync(file, `${record}\n`)
  const out = join(file, '..')
  for (let waited = 0; ; waited++) {
    const { cosigners } = await run(['log', 'proof', file, '--data', town.data, '--out', out, '--json'])
    if (Number(cosigners) >= wanted) return readFileSync(join(out, `${basename(file)}.tlog-proof`), 'utf8')
    if (waited === patience) throw new Error('no neighbour has cosigned the log')
    await setTimeout(500)
  }
}

async function issuingKeyOf(town: Town): Promise<string> {
  const keys = linesOf(await outputOf(['keys', 'list', '--data', town.data, '--json']))
  return String(keys.findLast(({ use, state }) => use === 'issue' && state === 'in-force')!['kid']) // a node that issues has one
}

async function outputOf(words: readonly string[]): Promise<string> {
  const { code, output } = await runCommand(words)
  if (code !== 0) throw new Error(`comity ${words.join(' ')} ended with ${String(code)}`)
  return output
}

const linesOf = (output: string) =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>) // the command's own form

const run = async (words: readonly string[]): Promise<Readonly<Record<string, unknown>>> => linesOf(await outputOf(words)).at(-1)!

function affected({ records }: Readonly<Record<string, unknown>>): string {
  const { total, before, after } = records as Readonly<Record<string, number>> // an issuing key has signed some
  return `${total} 份 records：之前 before ${before}，之后 after ${after}`
}
