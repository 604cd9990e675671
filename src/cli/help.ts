import { everyOption, type Command, type Option } from './command.ts'
import { commands } from './commands.ts'
import { exits } from './exit-codes.ts'
import type { Language, Localised } from '#core/model/localised.ts'

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}

/** All commands and all exit codes. */
export function generalHelp(language: Language): string {
  const say = (text: Localised): string => text[language]
  return [
    say({ zh: '用法：comity <命令> [选项]    comity help <命令>', en: 'Usage: comity <command> [options]    comity help <command>' }),
    '',
    columns(Object.entries(commands).map(([name, { text }]) => [name, say(text)])),
    '',
    say({ zh: '所有命令：', en: 'Every command:' }),
    columns(optionRows(everyOption, say)),
    '',
    say({ zh: '环境变量：', en: 'Environment:' }),
    columns([
      ['DATABASE_URL', say({ zh: '使用此 PostgreSQL，而非节点目录中的数据库文件', en: "A PostgreSQL in place of the node's own file" })],
      ['COMITY_PASSPHRASE_FILE', say({ zh: '口令文件，默认为 DIR/passphrase', en: 'The passphrase file; DIR/passphrase by default' })],
      ['COMITY_PKCS11_MODULE', say({ zh: '密码设备的 PKCS #11 库', en: 'The PKCS #11 library of a device that holds keys' })],
      ['COMITY_PKCS11_TOKEN', say({ zh: '密码设备的标签', en: "The device's label" })],
      ['COMITY_PKCS11_PIN_FILE', say({ zh: '存放其 PIN 的文件（权限 0600）', en: 'The file with its PIN (mode 0600)' })],
      ['COMITY_DEBUG', say({ zh: '程序自身出错时显示调用栈', en: 'Show the stack when the command itself breaks' })],
    ]),
    '',
    say({ zh: '退出码：', en: 'Exit codes:' }),
    columns(Object.values(exits).map((exit) => [String(exit.code), say(exit)])),
    '',
  ].join('\n')
}

export function commandHelp(name: string, { words, options, notes = [] }: Command, language: Language): string {
  const say = (text: Localised): string => text[language]
  const needed = Object.entries(options).flatMap(([option, { required, value }]) => (required === true ? [`--${option} ${value ?? ''}`.trimEnd()] : []))
  return [
    `${say({ zh: '用法：', en: 'Usage: ' })}comity ${[name, words, ...needed].filter((part) => part !== '').join(' ')} [${say({ zh: '选项', en: 'options' })}]`,
    `  ${say(commands[name]!.text)}`, // whoever asks has found the command under this name
    '',
    columns(optionRows({ ...options, ...everyOption }, say)),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `  ${say(note)}`)]),
    '',
  ].join('\n')
}

const optionRows = (options: Readonly<Record<string, Option>>, say: (text: Localised) => string): readonly (readonly [string, string])[] =>
  Object.entries(options).map(([name, { value, kind, text }]) => [
    `--${name}${value === undefined ? '' : ` ${value}`}${kind === 'list' ? ' …' : ''}`,
    say(text),
  ])
