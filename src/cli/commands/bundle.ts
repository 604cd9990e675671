import { resolve } from 'node:path'

import { dataOption, type Command } from '../command.ts'
import { writeWhole } from '../local-files.ts'
import { withNode } from '../open-here.ts'

export const bundleCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    data: dataOption,
    alliance: {
      kind: 'text',
      value: 'ID',
      text: { zh: '只含此联盟，默认含本节点所循的全部', en: 'Of this alliance alone; of all that the node follows by default' },
    },
    out: { kind: 'text', value: 'FILE', required: true, text: { zh: '输出文件', en: 'The file to write' } },
  },
  notes: [
    {
      zh: '写出一个签名文件，供没有网络的核验者使用：comity verify --bundle FILE，或在核验页上选择它。核验者须另从可信之人处得知 anchors 摘要，或自备信任锚。',
      en: 'Writes one signed file for verifiers without a network: comity verify --bundle FILE, or chosen on the verify page. A verifier needs the digest of the anchors from somebody trusted, or has anchors of its own.',
    },
  ],
  run: async (shell, given) => {
    const out = resolve(given.need('out'))
    const { bytes, label, digest, files } = await withNode(shell, given, async ({ office, desk }) => {
      const [{ bundleOf }, { publishDue }, { anchorsDigest, readBundle }] = await Promise.all([
        import('#registry/make-bundle.ts'),
        import('#registry/keep-published.ts'),
        import('#core/bundle/bundle.ts'),
      ])
      // Where no server runs, nobody else renews what grows old.
      await publishDue(office)
      const made = await bundleOf(office, await desk.current(), given.text('alliance'))
      // What cannot be read is not handed out.
      const bundle = readBundle(made, office.engine, office.inflate)
      const counted = [...Object.values(bundle.files), bundle.policies].reduce((sum, kind) => sum + (kind?.length ?? 0), 0)
      return { bytes: made, label: bundle.label, digest: anchorsDigest(bundle.label.anchors, office.engine), files: counted }
    })
    // Nothing in it is anybody's secret, and it is made to be handed on.
    await writeWhole(out, bytes, 0o644)
    const { instantOf } = await import('#core/model/instant.ts')
    const told = { out, bytes: bytes.length, files, alliance: label.alliance, madeAt: instantOf(label.iat), anchors: digest }
    await shell.tell(told, [out, `  ${told.bytes} B · ${files} · ${told.madeAt}`, `  anchors ${digest}`].join('\n'))
    return 'done'
  },
}
