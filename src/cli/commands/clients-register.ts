import { asObject, parseJson, type JsonObject } from '#core/encoding/parse-json.ts'
import { duties, dutyTexts } from '#core/model/duty.ts'
import { usage } from '../cli-fault.ts'
import { nodeOptions, type Command } from '../command.ts'
import { readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

const clientId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const kinds = ['officer', 'system'] as const

export const clientsRegisterCommand: Command = {
  words: 'KEY.pub…',
  takes: { least: 1, most: 8 },
  options: {
    ...nodeOptions,
    id: { kind: 'text', value: 'ID', required: true, text: { zh: '客户端标识', en: "The client's id" } },
    name: { kind: 'text', value: 'NAME', required: true, text: { zh: '名称', en: 'Its name' } },
    kind: { kind: 'text', value: kinds.join('|'), required: true, text: { zh: '经办人员或业务系统', en: 'An officer or a business system' } },
    duties: { kind: 'list', value: 'DUTY', required: false, text: { zh: '职责', en: 'What it may do' } },
  },
  notes: duties.map((duty) => ({ zh: `${duty}：${dutyTexts[duty].zh}`, en: `${duty}: ${dutyTexts[duty].en}` })),
  run: async (shell, given) => {
    const id = given.need('id')
    if (!clientId.test(id)) throw usage('--id')
    const kind = kinds.find((known) => known === given.need('kind'))
    if (kind === undefined) throw usage('--kind', kinds.join(', '))
    const wanted = given.list('duties').map((word) => duties.find((duty) => duty === word) ?? unknownDuty())
    if (wanted.length === 0) unknownDuty()
    const keys: JsonObject[] = []
    for (const path of given.words) keys.push(asObject(parseJson(await readInput(path, 4096), undefined, path), 'key-malformed', path))
    return withNode(shell, given, async ({ office }) => {
      const { registerClient } = await import('#registry/register-client.ts')
      const receipt = await registerClient(office, actorOf(given.text('as')), { id, name: given.need('name'), kind, keys, duties: wanted })
      await shell.tell(receipt, receipt.client)
      return 'done'
    })
  },
}

function unknownDuty(): never {
  throw usage('--duties', duties.join(', '))
}
