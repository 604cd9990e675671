import { stat } from 'node:fs/promises'

import { anchoredNames } from '#core/bundle/anchored-names.ts'
import { anchorsDigest, bundleLimits, readBundle, type Bundle } from '#core/bundle/bundle.ts'
import { bundleMadeText, bundleStaleText } from '#core/bundle/bundle-texts.ts'
import { checkBundle } from '#core/bundle/check-bundle.ts'
import { parseJson } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import type { Instant } from '#core/model/instant.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { Anchors } from '#core/trust/anchors.ts'
import type { RefusedFile, Trust } from '#core/trust/assemble-trust.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { inflate, nodeEngine } from '#custody/engine-node.ts'
import { usage } from '../cli-fault.ts'
import type { Given, Option } from '../command.ts'
import { readInput } from '../local-files.ts'
import type { Shell } from '../shell.ts'
import { readTrustFolder, type TrustFolder } from './read-trust-folder.ts'

/** How a command is told what to verify by. */
export const trustOptions = {
  trust: {
    kind: 'text',
    value: 'DIR|FILE',
    text: {
      zh: '信任数据目录（comity trust export 所得）或离线包',
      en: 'Folder of trust data, as comity trust export writes it, or an offline bundle',
    },
  },
  bundle: {
    kind: 'text',
    value: 'FILE',
    text: { zh: '离线包（comity bundle 所得，或取自节点的 /bundle）', en: 'An offline bundle, of comity bundle or of a node’s /bundle' },
  },
  anchors: {
    kind: 'text',
    value: 'FILE',
    text: { zh: '您自己的信任锚，代替目录或离线包所载', en: 'Anchors of your own, in place of those that the folder or bundle names' },
  },
  confirm: {
    kind: 'text',
    value: 'DIGEST',
    text: {
      zh: '离线包所载信任锚的摘要，须得自可信之人',
      en: 'Digest of the anchors that the bundle names, as somebody whom you trust has told it',
    },
  },
} as const satisfies Readonly<Record<string, Option>>

export interface GivenTrust extends TrustFolder {
  /** Where it is one that the files are from. */
  readonly bundle?: Bundle | undefined
}

/** Reads what the words name. A bundle is never believed about whom to trust: that is for `--anchors` or `--confirm`, else nobody is trusted and nothing can be told. */
export async function readTrust(shell: Shell, given: Given): Promise<GivenTrust> {
  const [path, file] = [given.text('trust'), given.text('bundle')]
  if ((path === undefined) === (file === undefined)) throw usage('--trust | --bundle')
  const own = given.text('anchors')
  const anchors = own === undefined ? undefined : await readAnchorsFile(own)
  const confirmed = given.text('confirm')
  if (confirmed !== undefined && own !== undefined) throw usage('--anchors | --confirm')
  const bundleFile = file ?? ((await isFolder(path!)) ? undefined : path!) // one of the two is given
  if (bundleFile === undefined) {
    if (confirmed !== undefined) throw usage('--confirm', '--bundle')
    const folder = await readTrustFolder(path!)
    return anchors === undefined ? folder : { ...folder, files: { ...folder.files, anchors } }
  }
  const bundle = readBundle(await readInput(bundleFile, bundleLimits.bytes), nodeEngine, inflate)
  return { files: { ...bundle.files, anchors: anchors ?? confirmedAnchors(shell, bundle, confirmed) }, refused: [], unknown: [], bundle }
}

function confirmedAnchors(shell: Shell, bundle: Bundle, confirmed: string | undefined): Anchors {
  const { anchors } = bundle.label
  const digest = anchorsDigest(anchors, nodeEngine)
  if (confirmed === digest) return anchors
  if (confirmed !== undefined) throw new Fault('trust-anchor-differs', { at: '--confirm', detail: digest })
  shell.note(
    `! ${shell.say({
      zh: '没有给出信任锚，因此不信任何机关。离线包所载的信任锚：',
      en: 'No anchors are given, so nobody is trusted. The bundle names these:',
    })}`,
  )
  const names = anchoredNames(bundle, nodeEngine)
  for (const { alliance, version, digest: of } of anchors.alliances) {
    const name = names.get(alliance)
    shell.note(`    ${name === undefined ? '' : `${shell.say(name)} `}${alliance} v${version} ${of}`)
  }
  for (const { iss, name, authorityKey } of anchors.authorities) shell.note(`    ${shell.say(name)} ${iss} ${authorityKey.x}`)
  shell.note(`  → ${shell.say({ zh: '如与可信之人所告一致：', en: 'If somebody whom you trust has told you the same: ' })}--confirm=${digest}`)
  return { authorities: [], alliances: [] }
}

/** Whoever names a file of anchors wants these and no others: unlike one of a folder, a bad one ends the command. */
async function readAnchorsFile(path: string): Promise<Anchors> {
  return parseOrFault(Anchors, parseJson(await readInput(path, generalLimits.bytes), generalLimits), 'trust-malformed', path)
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => true, // what is not there is told by whoever reads it as a folder
  )

/** Says who made the bundle and how old it is, once trust has been assembled. What of it is refused is given back. */
export function tellBundle(shell: Shell, { bundle }: GivenTrust, trust: Trust, at: Instant): readonly RefusedFile[] {
  if (bundle === undefined) return []
  const checked = checkBundle(bundle, trust, at, nodeEngine)
  shell.note(`${checked.maker === undefined ? '! ' : ''}${shell.say(bundleMadeText(bundle, checked))}`)
  if (checked.stale) shell.note(`! ${shell.say(bundleStaleText)}`)
  return checked.refused
}
