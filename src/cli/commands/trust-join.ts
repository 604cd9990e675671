import { Digest } from '#core/model/digest.ts'
import { usage } from '../cli-fault.ts'
import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { readWhole } from '../read-options.ts'
import { actorOf } from '../shell.ts'

export const trustJoinCommand: Command = {
  words: 'ALLIANCE',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    version: { kind: 'text', value: 'N', required: true, text: { zh: '名录版本', en: 'Version of the list' } },
    digest: { kind: 'text', value: 'DIGEST', required: true, text: { zh: '名录摘要（SHA-256，base64url）', en: 'Digest of the list (SHA-256, base64url)' } },
  },
  notes: [{ zh: '摘要须从可信的人处取得，不得取自名录文件本身。', en: 'The digest comes from a hand that is trusted, never from the list itself.' }],
  run: async (shell, given) => {
    const alliance = given.words[0]!
    if (!/^[a-z0-9-]{1,64}$/.test(alliance)) throw usage('ALLIANCE')
    const version = readWhole(given, 'version', 1, 999_999)! // required
    const digest = Digest.safeParse(given.need('digest'))
    if (!digest.success) throw usage('--digest')
    const anchor = { alliance, version, digest: digest.data }
    return withNode(shell, given, async ({ office }) => {
      const { joinAlliance } = await import('#registry/held-trust.ts')
      await joinAlliance(office, actorOf(given.text('as')), anchor)
      await shell.tell(anchor, `${alliance}  v${version}  ${digest.data}`)
      return 'done'
    })
  },
}
