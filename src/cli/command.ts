import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

import type { Localised } from '#core/model/localised.ts'
import { usage } from './cli-fault.ts'
import type { Exit } from './exit-codes.ts'
import type { Shell } from './shell.ts'

export interface Option {
  /** `flag`: it is there or not; `text`: one value; `list`: may be given again and again. */
  readonly kind: 'flag' | 'text' | 'list'
  /** What the help shows in place of the value. */
  readonly value?: string
  readonly required?: boolean
  readonly text: Localised
}

export interface Command {
  /** What the help shows after the command's name. */
  readonly words: string
  /** How many words beside options it takes. */
  readonly takes: { readonly least: number; readonly most: number }
  readonly options: Readonly<Record<string, Option>>
  /** Further lines of its help. */
  readonly notes?: readonly Localised[]
  readonly run: (shell: Shell, given: Given) => Promise<Exit>
}

/** What stood on the command line, as the command's own options say it. */
export interface Given {
  readonly words: readonly string[]
  readonly flag: (name: string) => boolean
  readonly text: (name: string) => string | undefined
  /** Of an option that is required, or of one whose absence is a usage error here. */
  readonly need: (name: string) => string
  /** Values of an option given several times, or separated by commas. */
  readonly list: (name: string) => readonly string[]
}

/** Options of every command. */
export const everyOption: Readonly<Record<string, Option>> = {
  json: { kind: 'flag', text: { zh: '输出 JSON：一个对象，或一行一条', en: 'Print JSON: one object, or one line a row' } },
  lang: { kind: 'text', value: 'zh|en', text: { zh: '语言，默认随系统', en: 'Language; that of the locale by default' } },
  help: { kind: 'flag', text: { zh: '显示用法', en: 'Show this help' } },
}

export const dataOption = { kind: 'text', value: 'DIR', required: true, text: { zh: '节点目录', en: "The node's directory" } } as const satisfies Option
export const asOption = {
  kind: 'text',
  value: 'NAME',
  text: { zh: '经办人，默认为系统用户名', en: "Who acts; the system's user name by default" },
} as const satisfies Option

/** Options of a command that acts on a node. */
export const nodeOptions = { data: dataOption, as: asOption } as const

export function parseWords(command: Command, argv: readonly string[]): Given {
  const options = { ...everyOption, ...command.options }
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(options).map(([name, { kind }]) => [name, { type: kind === 'flag' ? 'boolean' : 'string', multiple: kind === 'list' }]),
  )
  const { values, positionals } = parse(config, argv)
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const given: Given = {
    words: positionals,
    flag: (name) => values[name] === true,
    text,
    need: (name) => {
      const value = text(name)
      if (value === undefined || value === '') throw usage(`--${name}`)
      return value
    },
    list: (name) => [values[name] ?? []].flat().flatMap((value) => (typeof value === 'string' ? value.split(',').filter((part) => part !== '') : [])),
  }
  if (given.flag('help')) return given
  for (const [name, { required }] of Object.entries(options)) if (required === true) given.need(name)
  const { least, most } = command.takes
  if (positionals.length < least || positionals.length > most) throw usage(command.words)
  return given
}

function parse(options: ParseArgsOptionsConfig, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) throw usage(/'(.*?)'/.exec(error.message)?.[1] ?? 'argv', error.message)
    throw error
  }
}
