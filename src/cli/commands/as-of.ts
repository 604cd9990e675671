import { allOf } from '#core/model/truth.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import type { Instant } from '#core/model/instant.ts'
import { namesIn } from '#core/verify/trust-names.ts'
import type { RecognitionQuestion } from '#core/verify/verdict.ts'
import type { Localised } from '#core/model/localised.ts'
import type { AsOfAnswer, AsOfQuestion } from '#registry/as-of/tell-as-of.ts'
import { usage } from '../cli-fault.ts'
import { dataOption, type Command, type Given } from '../command.ts'
import { exitOfTruth, type Exit } from '../exit-codes.ts'
import { readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { questionOptions, readDay, readDivision, readInstantText, readPurpose, readStated } from '../read-options.ts'
import type { Shell } from '../shell.ts'
import { describeVerdict } from '../verify/describe-verdict.ts'
import { gravestOf } from '../verify/open-judge.ts'
import { proofBeside } from '../verify/proof-beside.ts'
import type { OpenNode } from '../../main.ts'

/** A record and its disclosures, of whatever city. */
const mostBytes = 1024 * 1024

const parts = 'manifest | rules | alliance ID | status NO | verify FILE|-'

export const asOfCommand: Command = {
  words: 'INSTANT [manifest | rules | alliance ID | status NO | verify FILE|-]',
  takes: { least: 1, most: 3 },
  options: {
    data: dataOption,
    known: {
      kind: 'text',
      value: 'now|then',
      text: {
        zh: '与 status 同用：now（默认）按现在所知判断该时刻，then 为当日所公布',
        en: 'With status: now (the default) judges the instant by all that is known today, then says what was said on that day',
      },
    },
    for: {
      kind: 'text',
      value: 'DIVISION',
      text: { zh: '与 verify 同用：一并询问在该地的互认结论', en: 'With verify: ask also what it counts for in this place' },
    },
    ...questionOptions,
  },
  notes: [
    {
      zh: '日志证明可放在记录文件旁：FILE.tlog-proof。',
      en: 'The log proof of a record may lie beside its file as FILE.tlog-proof.',
    },
    {
      zh: '核验按该时刻所持的名录、规则和公钥清单进行；撤销和密钥泄露溯及既往，注销等自其日起算。',
      en: 'A record is verified by the lists, rules and manifests held at that instant. Revocation and a compromised key reach back; everything else counts from its day on.',
    },
    {
      zh: '每个答复均已签名；--json 输出含签名和文件全文。早于节点建立或当时未持有，退出码为 2；将来的时刻被拒绝。',
      en: 'Every answer is signed; --json prints the signature and the files themselves. Before the node began, or where nothing was held, the exit code is 2; the future is refused.',
    },
  ],
  run,
}

async function run(shell: Shell, given: Given): Promise<Exit> {
  const [text = '', what, which] = given.words
  const at = readInstantText(text, 'INSTANT')
  if (what === 'verify') return verifyRecord(shell, given, at, which)
  const question = readQuestion(given, what, which)
  return withNode(shell, given, async ({ office, desk }) => {
    const { tellAsOf } = await import('#registry/as-of/tell-as-of.ts')
    const answer = await tellAsOf(office, desk, at, question)
    await shell.tell(answer, describe(shell, answer))
    return answer.outcome === 'held' ? 'done' : 'cannot-tell'
  })
}

function readQuestion(given: Given, what: string | undefined, which: string | undefined): AsOfQuestion {
  const known = given.text('known')
  if (known !== undefined && (what !== 'status' || (known !== 'now' && known !== 'then'))) throw usage('--known', 'status NO --known now|then')
  if (what === 'status' && which !== undefined && /^[1-9]\d{0,8}$/.test(which)) return { kind: 'status', no: Number(which), known: known ?? 'now' }
  if (what === 'alliance' && which !== undefined) return { kind: 'alliance', subject: which }
  if (which !== undefined) throw usage(parts)
  if (what === undefined) return { kind: 'all' }
  if (what === 'manifest' || what === 'rules') return { kind: what }
  throw usage(parts)
}

const outcomes = {
  held: { zh: '有', en: 'held' },
  'not-held': { zh: '当时未持有', en: 'nothing of the kind was held' },
  'before-genesis': { zh: '早于本节点的建立', en: 'this node had not begun' },
} as const satisfies Record<AsOfAnswer['outcome'], Localised>

function describe(shell: Shell, { asOf, genesis, kind, subject, outcome, files }: AsOfAnswer): string {
  const head = [asOf, kind, subject, shell.say(outcomes[outcome]), ...(outcome === 'before-genesis' ? [genesis] : [])].join('  ')
  const rows = files.map((file) => ['', file.kind, file.subject, file.version === undefined ? '' : `v${file.version}`, file.digest].join('  '))
  return [head, ...rows, ...(kind === 'status' ? files.map(({ content }) => `  ${content}`) : [])].join('\n')
}

async function verifyRecord(shell: Shell, given: Given, at: Instant, path: string | undefined): Promise<Exit> {
  if (path === undefined) throw usage('verify FILE|-')
  const division = readDivision(given, 'for')
  const asked = { purpose: readPurpose(given), appliedOn: readDay(given, 'applied-on'), stated: readStated(given) }
  if (division === undefined && Object.values(asked).some((value) => value !== undefined)) throw usage('--for')
  const recognition: RecognitionQuestion | undefined = division === undefined ? undefined : { for: division, ...asked }
  const record = decodeUtf8(await readInput(path, mostBytes)).trim()
  const proof = path === '-' ? undefined : await proofBeside(path)
  return withNode(shell, given, async ({ office, desk }: OpenNode) => {
    const { verifyAsOf } = await import('#registry/as-of/verify-as-of.ts')
    const answer = await verifyAsOf(office, desk, at, [{ record, proof }], recognition)
    const names = namesIn((await desk.current()).trust) // as they are called today, whenever it was
    await shell.tell(answer, answer.verdicts.map((verdict) => describeVerdict(verdict, names, shell.language)).join('\n'))
    return exitOfTruth[allOf(answer.verdicts.map(gravestOf))]
  })
}
