import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { logAlarmTexts } from '#core/log/log-alarm-texts.ts'
import type { Truth } from '#core/model/truth.ts'
import { usage } from '../cli-fault.ts'
import type { Command, Given } from '../command.ts'
import { exitOfTruth } from '../exit-codes.ts'
import { readInput, writeWhole } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { heldOptions, readHeld } from '../read-held.ts'
import type { Shell } from '../shell.ts'

const mostBytes = 256 * 1024

export const logForksCommand: Command = {
  words: '[FILE…]',
  takes: { least: 0, most: 100 },
  options: { ...heldOptions, out: { kind: 'text', value: 'DIR', text: { zh: '证明写出到此目录', en: 'The folder that proofs are written to' } } },
  notes: [
    {
      zh: '不带 FILE：列出本节点（--data）发现的邻市日志违规，有则退出码为 2；分叉的证明以 --out 写出，任何人可核验。带 FILE：离线核验这些证明，均成立时退出码为 0，有不成立的为 1，日志密钥不在手时为 2。',
      en: "Without FILE: lists what this node (--data) has found neighbours' logs to have done against what they had shown, exit code 2 where there is any; proofs of forks are written by --out, for anybody to check. With FILE: checks such proofs, offline; exit code 0 where all hold, 1 where one does not, 2 where the log's keys are not at hand.",
    },
  ],
  run: async (shell, given) => exitOfTruth[given.words.length === 0 ? await list(shell, given) : await check(shell, given)],
}

const list = (shell: Shell, given: Given): Promise<Truth> =>
  withNode(shell, given, async ({ office }) => {
    const { listLogAlarms } = await import('#registry/log/log-alarms.ts')
    const alarms = await listLogAlarms(office.store.read)
    const out = given.text('out')
    for (const alarm of alarms) {
      const { kind, origin, since } = alarm
      let file: string | undefined
      if ('proof' in alarm && out !== undefined) {
        await mkdir(out, { recursive: true })
        file = join(out, `${alarm.digest}.log-fork.json`)
        await writeWhole(file, alarm.proof)
      }
      const told = { alarm: kind, origin, since, ...('digest' in alarm ? { digest: alarm.digest } : {}), ...(file === undefined ? {} : { proof: file }) }
      await shell.tell(told, `! ${origin}  ${shell.say(logAlarmTexts[kind])} [${kind}]  ${since}${file === undefined ? '' : `  ${file}`}`)
    }
    if (alarms.length === 0 && !shell.json) await shell.tell(undefined, shell.say({ zh: '未见违规', en: 'Nothing found' }))
    return alarms.length === 0 ? 'yes' : 'cannot-tell'
  })

async function check(shell: Shell, given: Given): Promise<Truth> {
  const held = await readHeld(shell, given)
  if (held === undefined) throw usage('--data | --trust | --bundle')
  const [{ checkFork }, { nodeEngine }] = await Promise.all([import('#core/trust/check-fork.ts'), import('#custody/engine-node.ts')])
  const answers: Truth[] = []
  for (const file of given.words) {
    const found = checkFork(await readInput(file, mostBytes), held.trust, nodeEngine)
    answers.push(found.answer)
    const { answer, origin = '', size = '', code } = found
    const words = code === undefined ? `${origin} ${size}  ${shell.say(logAlarmTexts['log-forked'])}` : `[${code}]`
    await shell.tell({ file, ...found }, `${marks[answer]} ${file}  ${words}`)
  }
  return answers.find((answer) => answer === 'no') ?? answers.find((answer) => answer === 'cannot-tell') ?? 'yes'
}

const marks: Readonly<Record<Truth, string>> = { yes: '✓', no: '✗', 'cannot-tell': '?' }
