import { hostname } from 'node:os'
import { basename, resolve } from 'node:path'
import { rename, rm } from 'node:fs/promises'

import { asLedgerFamily } from '#core/ledger/columns.ts'
import { findingTexts } from '#core/model/finding-texts.ts'
import type { Localised } from '#core/model/localised.ts'
import type { ImportedRow } from '#registry/settle-ledger-rows.ts'
import type { ResultWriter } from '#registry/ledger/write-result.ts'
import { CliFault } from '../cli-fault.ts'
import { nodeOptions, type Command, type Given } from '../command.ts'
import type { Exit } from '../exit-codes.ts'
import { partialOf, readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { openProgress } from '../progress.ts'
import { readFamily } from '../read-options.ts'
import { actorOf, type Shell } from '../shell.ts'
import { untilStopped } from '../until-stopped.ts'

export const importCommand: Command = {
  words: 'LEDGER',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    family: {
      kind: 'text',
      value: 'F',
      required: true,
      text: { zh: '记录类别：title、skill、qualification', en: 'Family of the records: title, skill, qualification' },
    },
    'dry-run': { kind: 'flag', text: { zh: '只检查，不签发', en: 'Only judge, issue nothing' } },
    result: {
      kind: 'text',
      value: 'FILE',
      text: {
        zh: '把需处理的行写入文件（.xlsx 或 .csv），改正后可再导入',
        en: 'Write the rows to look at to a file (.xlsx or .csv) that can be corrected and fed back',
      },
    },
  },
  notes: [
    {
      zh: '表头为第 1 行，空行不计。全部行处理完即退出 0，有行被退回时也是；整个文件被拒绝时退出 1；被中断时退出 75，再次运行即接着做。',
      en: 'The header is row 1; blank rows do not count. Exits 0 when every row has its outcome, refused ones too; 1 when the whole file is refused; 75 when interrupted: run it again and it goes on.',
    },
    { zh: '重复导入同一文件不会重复签发。', en: 'Importing a file again issues nothing twice.' },
  ],
  run,
}

async function run(shell: Shell, given: Given): Promise<Exit> {
  const family = asLedgerFamily(readFamily(given))
  const { ledgerLimits } = await import('#registry/ledger/ledger-limits.ts')
  const path = given.words[0]!
  const bytes = await readInput(path, ledgerLimits.bytes)
  const plan = { family, fileName: basename(path), bytes, dryRun: given.flag('dry-run') }
  const request = actorOf(given.text('as'))
  const resultPath = given.text('result') === undefined ? undefined : resolve(given.need('result'))
  // Only the rows to look at are in the result: in the ledger's own place they would be all that is left of it.
  if (resultPath === resolve(path)) throw new CliFault('output-exists', { at: resultPath })
  const result = resultPath === undefined ? undefined : openResult(resultPath)
  return withNode(shell, given, async ({ office }) => {
    const { importHere } = await import('#registry/import-here.ts')
    const stop = untilStopped()
    const progress = openProgress(shell, shell.say({ zh: '行', en: 'rows' }))
    try {
      const { job, resumed, counts } = await importHere(office, request, plan, processHere(), {
        header: async (headers, unknown) => {
          for (const header of unknown) shell.note(`! ${shell.say({ zh: '未使用的列', en: 'Column not used' })}: ${header}`)
          await result?.open(headers)
        },
        rows: async (rows, done) => {
          for (const row of rows) {
            await tellRow(shell, row)
            await result?.write(row)
          }
          progress.at(done, undefined)
        },
        stopped: stop.asked,
        cells: result !== undefined,
      })
      progress.end()
      if (counts === 'stopped') {
        shell.note(
          shell.say({ zh: `任务 ${job} 已中断；再次运行同一命令即接着做。`, en: `Job ${job} was interrupted; run the same command again and it goes on.` }),
        )
        return 'again'
      }
      await result?.keep()
      await tellSummary(shell, { job, resumed, dryRun: plan.dryRun, counts })
      return 'done'
    } finally {
      progress.end()
      stop.forget()
      await result?.discard()
    }
  })
}

/** This process among all that may work on a store, named as a server names its worker. The lease of one that died on this machine need not be waited for. */
function processHere() {
  return {
    owner: `${hostname()}:${process.pid}`,
    isGone: (owner: string): boolean => {
      const cut = owner.lastIndexOf(':')
      const pid = Number(owner.slice(cut + 1))
      if (owner.slice(0, cut) !== hostname() || !Number.isSafeInteger(pid) || pid < 1) return false
      try {
        process.kill(pid, 0) // asks, and does nothing
        return false
      } catch (error) {
        return error instanceof Error && 'code' in error && error.code === 'ESRCH'
      }
    },
  }
}

const outcomeTexts: Readonly<Record<ImportedRow['outcome'], Localised>> = {
  accepted: { zh: '通过', en: 'accepted' },
  normalised: { zh: '规范后通过', en: 'accepted, normalised' },
  warned: { zh: '通过，有提示', en: 'accepted with a warning' },
  refused: { zh: '退回', en: 'refused' },
}

async function tellRow(shell: Shell, { row, outcome, findings }: ImportedRow): Promise<void> {
  const told = findings.map(({ column, code, earlierRow }) => {
    const { message, remedy } = findingTexts[code]
    const earlier = earlierRow === undefined ? '' : shell.say({ zh: `（第 ${earlierRow} 行）`, en: ` (row ${earlierRow})` })
    return { column, code, message: shell.say(message) + earlier, remedy: shell.say(remedy) }
  })
  const words = [
    `${shell.say({ zh: `第 ${row} 行`, en: `row ${row}` })}  ${shell.say(outcomeTexts[outcome])}`,
    ...told.map(({ column, code, message, remedy }) => `    ${column}: ${message} [${code}] → ${remedy}`),
  ]
  // In words only what somebody should look at; in JSON every row, as other people's scripts expect.
  await shell.tell({ row, outcome, findings: told }, outcome === 'accepted' ? undefined : words.join('\n'))
}

interface Summary {
  readonly job: string
  readonly resumed: boolean
  readonly dryRun: boolean
  readonly counts: Readonly<Record<ImportedRow['outcome'] | 'issued' | 'already', number>>
}

async function tellSummary(shell: Shell, { job, resumed, dryRun, counts }: Summary): Promise<void> {
  const { accepted, normalised, warned, refused, issued, already } = counts
  const rows = accepted + normalised + warned + refused
  await shell.tell(
    { summary: { job, dryRun, resumed, rows, accepted, normalised, warned, refused, issued, already } },
    shell.say({
      zh: `共 ${rows} 行：通过 ${accepted}，规范后通过 ${normalised}，有提示 ${warned}，退回 ${refused}；${dryRun ? '试运行，未签发' : `签发 ${issued}，此前已登记 ${already}`}（任务 ${job}）`,
      en: `${rows} rows: ${accepted} accepted, ${normalised} normalised, ${warned} warned, ${refused} refused; ${dryRun ? 'dry run, nothing issued' : `${issued} issued, ${already} registered before`} (job ${job})`,
    }),
  )
}

/** The result file, which takes its name when it is whole. A run that ends early leaves nothing at the name. */
function openResult(path: string) {
  const partial = partialOf(path)
  let writer: ResultWriter | undefined
  const failed = (cause: unknown): never => {
    throw new CliFault('output-failed', { at: path, cause })
  }
  return {
    open: async (headers: readonly string[]): Promise<void> => {
      const { resultFile } = await import('#registry/ledger/write-result.ts')
      writer = await resultFile(partial, { headers, all: false }).catch(failed)
    },
    write: (row: ImportedRow): Promise<void> | undefined => writer?.write(row).catch(failed),
    keep: async (): Promise<void> => {
      await writer?.close().catch(failed)
      await rename(partial, path).catch(failed)
    },
    discard: () => rm(partial, { force: true }),
  }
}
