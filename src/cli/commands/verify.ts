import { availableParallelism } from 'node:os'

import { instantOf } from '#core/model/instant.ts'
import type { Truth } from '#core/model/truth.ts'
import { standingTexts } from '#core/rules/outcome-texts.ts'
import type { RefusedFile } from '#core/trust/assemble-trust.ts'
import { shippedPolicy, type Policy } from '#core/verify/verdict.ts'
import { usage } from '../cli-fault.ts'
import type { Command, Given } from '../command.ts'
import { exitOfTruth, type Exit } from '../exit-codes.ts'
import { lookAt } from '../local-files.ts'
import { openProgress } from '../progress.ts'
import { questionOptions, readDay, readDivision, readInstant, readPurpose, readStated } from '../read-options.ts'
import type { Shell } from '../shell.ts'
import { toldFault } from '../tell-fault.ts'
import { describeVerdict } from '../verify/describe-verdict.ts'
import { judgeBatch, noRecognitions, noTally, type JudgedBatch } from '../verify/judge-batch.ts'
import { judgeInWorkers } from '../verify/judge-in-workers.ts'
import { gravestOf, openJudge, type Judge, type Question } from '../verify/open-judge.ts'
import { readBatches, type Batch } from '../verify/read-batches.ts'
import { readTrust, tellBundle, trustOptions } from '../verify/read-trust.ts'
import { namesIn } from '#core/verify/trust-names.ts'
import { marks, markOfStanding, truthTexts } from '#core/verify/verdict-texts.ts'

export const verifyCommand: Command = {
  words: 'FILE…|- (--trust DIR|FILE | --bundle FILE)',
  takes: { least: 1, most: 10_000 },
  options: {
    ...trustOptions,
    at: {
      kind: 'text',
      value: 'INSTANT',
      text: { zh: '所问时刻，如 2026-03-01T08:00:00Z，默认现在', en: 'The instant asked about, such as 2026-03-01T08:00:00Z; now by default' },
    },
    for: { kind: 'text', value: 'DIVISION', text: { zh: '一并询问在该地的互认结论', en: 'Ask also what it counts for in this place' } },
    ...questionOptions,
    policy: { kind: 'text', value: 'log-required', text: { zh: '要求日志证明', en: 'Require a proof from the transparency log' } },
  },
  notes: [
    {
      zh: 'FILE 可含一份记录，或每行一份（SD-JWT，或 {"record": "…", "proof": "…"}），或 JSON 数组。多份记录自 1 起编号，空行不计。只含一份记录的文件，其日志证明可放在旁边的 FILE.tlog-proof。',
      en: 'FILE holds one record, or one a line (an SD-JWT, or {"record": "…", "proof": "…"}), or a JSON array of them. Records are numbered from 1; blank lines do not count. The log proof of a file of one record may lie beside it as FILE.tlog-proof.',
    },
    {
      zh: '退出码取最不利者：有一个“否”即为 1，否则有一个“无法判断”即为 2。使用 --for 时互认结论一并计入。',
      en: 'The exit code is that of the gravest answer: 1 if any is a no, else 2 if any cannot be told. With --for the recognition counts as well.',
    },
  ],
  run,
}

async function run(shell: Shell, given: Given): Promise<Exit> {
  const question = readQuestion(given)
  let total = 0
  for (const path of given.words) total += path === '-' ? Number.NaN : (await lookAt(path)).size
  const trust = await readTrust(shell, given)
  const { files, refused: unreadable, unknown } = trust
  const judge = openJudge(files, question)
  const differing = tellBundle(shell, trust, judge.trust, question.at)
  warn(shell, [...unreadable, ...judge.refused, ...differing], unknown)

  const batches = readBatches(given.words)
  const first = (await batches.next()).value as Batch // there is one, since there is a file
  const second = await batches.next()
  if (second.done === true && first.ends.length === 1) return tellOne(shell, first, judge)
  const form = { json: shell.json, language: shell.language, files: given.words }
  const judged =
    second.done === true
      ? only(first, judgeBatch(first, judge, form))
      : judgeInWorkers(again(first, second.value, batches), { files, question, form }, availableParallelism())
  return tellMany(shell, judged, Number.isNaN(total) ? undefined : total, question)
}

function readQuestion(given: Given): Question {
  const division = readDivision(given, 'for')
  const asked = { purpose: readPurpose(given), appliedOn: readDay(given, 'applied-on'), stated: readStated(given) }
  if (division === undefined && Object.values(asked).some((value) => value !== undefined)) throw usage('--for')
  const named = given.text('policy')
  if (named !== undefined && named !== 'log-required') throw usage('--policy', 'log-required')
  const policy: Policy = named === undefined ? shippedPolicy : { ...shippedPolicy, id: `${shippedPolicy.id}+log-required`, logProof: 'required' }
  const at = readInstant(given, 'at') ?? instantOf(Math.floor(Date.now() / 1000))
  return { at, policy: division === undefined ? policy : { ...policy, recognition: { for: division, ...asked } } }
}

function warn(shell: Shell, refused: readonly RefusedFile[], unknown: readonly string[]): void {
  for (const { name, fault } of refused) {
    const told = toldFault(fault, shell.language)! // a fault is always told
    shell.note(`! ${name}: ${told.message} [${told.code}] → ${told.remedy}`)
  }
  for (const name of unknown) shell.note(`! ${name}: ${shell.say({ zh: '不属于信任数据，未读取', en: 'does not belong to trust data, not read' })}`)
}

async function tellOne(shell: Shell, { bytes }: Batch, { judge, trust }: Judge): Promise<Exit> {
  const verdict = judge(bytes)
  await shell.tell(verdict, describeVerdict(verdict, namesIn(trust), shell.language))
  return exitOfTruth[gravestOf(verdict)]
}

type Judged = { readonly batch: Batch; readonly judged: JudgedBatch }

async function* only(batch: Batch, judged: JudgedBatch): AsyncGenerator<Judged> {
  yield { batch, judged }
}

async function* again(first: Batch, second: Batch, rest: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  yield first
  yield second
  yield* rest
}

const standings = ['yes', 'on-condition', 'no', 'cannot-tell'] as const

async function tellMany(shell: Shell, results: AsyncIterable<Judged>, total: number | undefined, { policy }: Question): Promise<Exit> {
  const [answers, recognitions, gravest] = [noTally(), noRecognitions(), noTally()]
  let records = 0
  const progress = openProgress(shell, shell.say(total === undefined ? { zh: '份', en: 'records' } : { zh: '字节', en: 'bytes' }))
  for await (const { batch, judged } of results) {
    records += judged.records
    for (const truth of ['yes', 'no', 'cannot-tell'] as const) {
      answers[truth] += judged.answers[truth]
      gravest[truth] += judged.gravest[truth]
    }
    for (const standing of standings) recognitions[standing] += judged.recognitions[standing]
    if (judged.lines.length > 0) await shell.write(judged.lines)
    progress.at(total === undefined ? records : batch.read, total)
  }
  progress.end()
  const asked = policy.recognition !== undefined
  const answer: Truth = gravest.no > 0 ? 'no' : gravest['cannot-tell'] > 0 ? 'cannot-tell' : 'yes'
  const answered = (['yes', 'no', 'cannot-tell'] as const).map((truth) => `${marks[truth]} ${shell.say(truthTexts[truth])} ${answers[truth]}`)
  const recognised = standings.map((standing) => `${marks[markOfStanding(standing)]} ${shell.say(standingTexts[standing])} ${recognitions[standing]}`)
  await shell.tell(
    { summary: { records, answer, ...answers, ...(asked ? { recognition: recognitions } : {}) } },
    [
      `${shell.say({ zh: `共 ${records} 份`, en: `${records} records` })}   ${answered.join('   ')}`,
      ...(asked ? [`${shell.say({ zh: '互认', en: 'Recognition' })}   ${recognised.join('   ')}`] : []),
    ].join('\n'),
  )
  return exitOfTruth[answer]
}
