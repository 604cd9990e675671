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
  notes: [
    {
      zh: '有足够多的城市见证后，日志证明写在旁边：FILE.tlog-proof，核验时会自动读取。',
      en: 'Once enough other cities have cosigned, its log proof is written beside it, as FILE.tlog-proof, where verify finds it.',
    },
  ],
  run: async (shell, given) => {
    const reference = readReference(given)
    return withNode(shell, given, async ({ office, desk }) => {
      const [{ fetchRecord }, { timeProofOf }] = await Promise.all([import('#registry/claim-record.ts'), import('#registry/log/prove-record.ts')])
      const { record, number, text } = await fetchRecord(office, actorOf(given.text('as')), reference, readDisclosures(given))
      const proof = (await timeProofOf(office, (await desk.current()).trust, text))?.text
      const out = given.text('out')
      if (out === undefined) await shell.tell({ id: record, number, record: text, ...(proof === undefined ? {} : { proof }) }, text)
      else {
        await writeWhole(out, `${text}\n`)
        const beside = proof === undefined ? undefined : `${out}.tlog-proof`
        if (beside !== undefined) await writeWhole(beside, proof!) // looked at a line above
        await shell.tell(
          { id: record, number, file: out, ...(beside === undefined ? {} : { proof: beside }) },
          beside === undefined ? out : `${out}\n${beside}`,
        )
      }
      return 'done'
    })
  },
}
