import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { peekTrustFile } from '#core/trust/peek-trust-file.ts'
import { Fault } from '#core/fault.ts'
import { holdTrust } from './held-trust.ts'
import type { Office } from './office.ts'
import { publishStatusLists } from './publish.ts'
import { anchorsFile, trustFolders } from './trust-folder.ts'

/**
 * Everything that a verifier needs, as files for a folder: the node's anchors and all signed files that lead back to them. The anchors
 * are what this node trusts; whoever takes the folder trusts the node in that.
 */
export async function exportTrust(office: Office): Promise<readonly TrustFile[]> {
  await publishStatusLists(office)
  const { files } = await holdTrust(office)
  const signed = [...files.manifests, ...files.allianceLists, ...files.ruleSets, ...files.statusLists, ...(files.freshness ?? [])].flatMap(({ bytes }) => {
    const peek = peekTrustFile(bytes, office.engine)
    if (peek instanceof Fault) return []
    const extension = peek.kind === 'manifest' || peek.kind === 'status-list' ? 'jwt' : 'json'
    return [{ name: `${trustFolders[peek.kind]}/${fileNameOf(peek.subject)}-${peek.version}.${extension}`, bytes }]
  })
  return [{ name: anchorsFile, bytes: encodeUtf8(`${canonicalJson(files.anchors)}\n`) }, ...signed]
}

/** `https://370100.comity.example/status/1` → `370100.comity.example_status_1`. */
const fileNameOf = (subject: string): string => subject.replace(/^https:\/\//, '').replaceAll(/[^A-Za-z0-9.-]+/g, '_')
