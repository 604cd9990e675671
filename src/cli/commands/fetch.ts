import { nodeOptions, type Command } from '../command.ts'
import { writeWhole } from '../local-files.ts'
import { readDisclosures, readReference, referenceOptions } from '../read-options.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const fetchCommand: Command = {
  words: 'ID | --number N --family F',
  takes: { least: 0, most: 1 },
  options: {
    ...nodeOptions,
    ...referenceOptions,
    out: { kind: 'text', value: 'FILE', text: { zh: '写入文件，默认标准输出', en: 'The file to write; standard output by default' } },
    disclose: { kind: 'list', value: 'NAME', text: { zh: '所披露的内容，默认全部', en: 'What is disclosed; everything by default' } },
  },
  run: async (shell, given) => {
    const reference = readReference(given)
    return withNode(shell, given, async ({ office }) => {
      const { fetchRecord } = await import('#registry/claim-record.ts')
      const { record, number, text } = await fetchRecord(office, actorOf(given.text('as')), reference, readDisclosures(given))
      const out = given.text('out')
      if (out === undefined) await shell.tell({ id: record, number, record: text }, text)
      else {
        await writeWhole(out, `${text}\n`)
        await shell.tell({ id: record, number, file: out }, out)
      }
      return 'done'
    })
  },
}
