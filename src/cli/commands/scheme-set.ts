import { numberChecks } from '#core/model/number-scheme.ts'
import { usage } from '../cli-fault.ts'
import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { readFamily } from '../read-options.ts'
import { actorOf } from '../shell.ts'

export const schemeSetCommand: Command = {
  words: 'TEMPLATE',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    family: { kind: 'text', value: 'F', required: true, text: { zh: '记录类别', en: 'Family of the records' } },
    id: { kind: 'text', value: 'ID', text: { zh: '规则标识', en: 'Id of the scheme' } },
    check: {
      kind: 'text',
      value: numberChecks.join('|'),
      text: { zh: '校验码，模板须以 {check} 结尾', en: 'Check character; the template then ends with {check}' },
    },
  },
  notes: [{ zh: '如 JN{year:4}{serial:6}；{year:4} 与 {serial:…} 必须有。', en: 'Such as JN{year:4}{serial:6}; {year:4} and {serial:…} are required.' }],
  run: async (shell, given) => {
    const family = readFamily(given)
    const check = given.text('check')
    if (check !== undefined && !numberChecks.some((known) => known === check)) throw usage('--check', numberChecks.join(', '))
    return withNode(shell, given, async ({ office }) => {
      const { setNumberScheme } = await import('#registry/open-office.ts')
      const value = {
        id: given.text('id') ?? `${office.authority.division}-${family}`,
        family,
        template: given.words[0]!,
        ...(check === undefined ? {} : { check }),
      }
      const scheme = await setNumberScheme(office, actorOf(given.text('as')), value)
      await shell.tell(scheme, `${scheme.family}  ${scheme.template}`)
      return 'done'
    })
  },
}
