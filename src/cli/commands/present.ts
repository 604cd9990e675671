import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { recordLimits } from '#core/encoding/parse-json.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { Command } from '../command.ts'
import { usage } from '../cli-fault.ts'
import { readInput, writeWhole } from '../local-files.ts'
import { readDisclosures } from '../read-options.ts'

export const presentCommand: Command = {
  words: 'FILE|-',
  takes: { least: 1, most: 1 },
  options: {
    disclose: { kind: 'list', value: 'NAME', text: { zh: '所披露的内容，如 name,identity', en: 'What is disclosed, such as name,identity' } },
    all: { kind: 'flag', text: { zh: '全部披露', en: 'Disclose everything' } },
    none: { kind: 'flag', text: { zh: '不披露任何个人信息', en: 'Disclose nothing personal' } },
    out: { kind: 'text', value: 'FILE', text: { zh: '写入文件，默认标准输出', en: 'The file to write; standard output by default' } },
  },
  notes: [{ zh: '不需要节点和网络；签名不变。', en: 'Needs neither node nor network; the signature stays the same.' }],
  run: async (shell, given) => {
    const wanted = readDisclosures(given)
    if ([wanted !== undefined, given.flag('all'), given.flag('none')].filter(Boolean).length !== 1) throw usage('--disclose', '--disclose, --all, --none')
    const text = decodeUtf8(await readInput(given.words[0]!, recordLimits.bytes), given.words[0]).trim()
    const held = parseSdJwt(text, nodeEngine).disclosures.flatMap(({ name }) => (name === null ? [] : [name]))
    const disclosed = given.flag('all') ? held : (wanted ?? [])
    const copy = presentSdJwt(text, disclosed, nodeEngine)
    const out = given.text('out')
    if (out === undefined) await shell.tell({ disclosed, record: copy }, copy)
    else {
      await writeWhole(out, `${copy}\n`)
      await shell.tell({ disclosed, file: out }, out)
    }
    return 'done'
  },
}
