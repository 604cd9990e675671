import { fileURLToPath } from 'node:url'

import type { Language } from '#core/model/localised.ts'
import { readConfig } from '../config.ts'
import { CliFault, usage } from './cli-fault.ts'
import { parseWords } from './command.ts'
import { findCommand, isGroup } from './commands.ts'
import { exits, type Exit } from './exit-codes.ts'
import { languageOf } from './language.ts'
import { flushOutput, isOutputLost, isReaderGone, openShell, type Shell } from './shell.ts'
import { exitOfError, faultLines, toldFault } from './tell-fault.ts'

/** The words that must be known before any command is: in which language, and in which form. */
function shellOf(argv: readonly string[]): Shell {
  return openShell({ language: languageAsked(argv) ?? languageOf(process.env), json: argv.includes('--json'), config, entry: fileURLToPath(import.meta.url) })
}

function config() {
  try {
    return readConfig(process.env)
  } catch (cause) {
    throw new CliFault('setting-wrong', { cause })
  }
}

function languageAsked(argv: readonly string[]): Language | undefined {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const asked = at < 0 ? undefined : argv[at] === '--lang' ? argv[at + 1] : argv[at]!.slice('--lang='.length)
  return asked === 'zh' || asked === 'en' ? asked : undefined
}

async function run(shell: Shell, argv: readonly string[]): Promise<Exit> {
  const [first] = argv
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const [word, ...more] = argv.slice(1)
    const asked = word === undefined ? undefined : findCommand([word, ...more])
    if (asked === undefined && word !== undefined && !word.startsWith('-') && !isGroup(word)) throw usage(word)
    const { commandHelp, generalHelp } = await import('./help.ts')
    await shell.write(asked === undefined ? generalHelp(shell.language) : commandHelp(asked.name, await asked.entry.load(), shell.language))
    return first === undefined ? 'usage' : 'done'
  }
  const found = findCommand(argv)
  if (found === undefined) throw usage(argv.slice(0, 2).join(' '))
  const command = await found.entry.load()
  const given = parseWords(command, found.rest)
  const language = given.text('lang')
  if (language !== undefined && language !== 'zh' && language !== 'en') throw usage('--lang')
  if (given.flag('help')) {
    const { commandHelp } = await import('./help.ts')
    await shell.write(commandHelp(found.name, command, shell.language))
    return 'done'
  }
  return command.run(shell, given)
}

function tellError(shell: Shell, cause: unknown): Exit {
  // Only the one-file build can be without them: it is one file.
  const driverless = cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND'
  const error = driverless ? new CliFault('driver-missing', { cause }) : cause
  const told = toldFault(error, shell.language)
  if (told !== undefined) shell.note(shell.json ? JSON.stringify(told) : faultLines(told))
  else {
    const message = error instanceof Error ? error.message : String(error)
    shell.note(
      shell.json ? JSON.stringify({ code: 'broken', message }) : `comity: ${shell.say({ zh: '程序自身出错', en: 'the command itself broke' })}: ${message}`,
    )
  }
  if (process.env['COMITY_DEBUG'] !== undefined) console.error(error)
  return exitOfError(error)
}

const argv = process.argv.slice(2)
const shell = shellOf(argv)
try {
  const exit = await run(shell, argv)
  await flushOutput()
  process.exitCode = exits[exit].code
} catch (error) {
  process.exitCode = exits[isReaderGone(error) ? 'no-output' : tellError(shell, error)].code
  // Input that nobody will read any more would keep us.
  if (isOutputLost(error)) process.exit()
}
