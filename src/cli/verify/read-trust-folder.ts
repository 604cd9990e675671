import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { readPublicKey } from '#core/crypto/read-public-key.ts'
import { parseJson } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { Anchors } from '#core/trust/anchors.ts'
import type { RefusedFile, TrustFile, TrustFiles } from '#core/trust/assemble-trust.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { anchorsFile, trustFolders } from '#registry/trust-folder.ts'
import { CliFault } from '../cli-fault.ts'

export interface TrustFolder {
  readonly files: TrustFiles
  /** What could not be read as what it should be. It counts for nothing; the rest does. */
  readonly refused: readonly RefusedFile[]
  /** Files that have no business in a trust folder. */
  readonly unknown: readonly string[]
}

/**
 * A trust folder as `comity trust export` writes it. Without anchors nothing is trusted, and every verdict on a record is
 * "cannot tell": that is an answer, so it is a refused file here and no failure.
 */
export async function readTrustFolder(folder: string): Promise<TrustFolder> {
  const entries = await list(folder, folder)
  const unknown: string[] = []
  const refused: RefusedFile[] = []
  const folders: readonly string[] = Object.values(trustFolders)
  for (const entry of entries) {
    const expected = entry.name === anchorsFile ? !entry.isDirectory() : folders.includes(entry.name) && !entry.isFile()
    if (!expected) unknown.push(entry.name)
  }
  const read = async (kind: keyof typeof trustFolders): Promise<readonly TrustFile[]> => {
    const name = trustFolders[kind]
    if (!entries.some((entry) => entry.name === name)) return []
    const files: TrustFile[] = []
    for (const entry of await list(join(folder, name), folder)) {
      const path = `${name}/${entry.name}`
      if (entry.isDirectory()) {
        unknown.push(path)
        continue
      }
      const bytes = await readBounded(join(folder, path), path, refused)
      if (bytes !== undefined) files.push({ name: path, bytes })
    }
    return files
  }
  const files = {
    manifests: await read('manifest'),
    allianceLists: await read('alliance'),
    ruleSets: await read('rules'),
    statusLists: await read('status-list'),
    freshness: await read('freshness'),
  }
  return { files: { anchors: await readAnchors(folder, refused), ...files }, refused, unknown }
}

async function list(path: string, folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    // The order of a folder is the file system's; a verdict must not depend on it.
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    throw new CliFault('input-missing', { at: folder, cause })
  }
}

const trustsNobody: Anchors = { authorities: [], alliances: [] }

async function readAnchors(folder: string, refused: RefusedFile[]): Promise<Anchors> {
  try {
    const bytes = await readBounded(join(folder, anchorsFile), anchorsFile, refused)
    if (bytes === undefined) return trustsNobody
    const anchors = parseOrFault(Anchors, parseJson(bytes, generalLimits), 'trust-malformed', anchorsFile)
    for (const [index, { authorityKey }] of anchors.authorities.entries()) readPublicKey(authorityKey, `authorities/${index}`)
    return anchors
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    refused.push({ name: anchorsFile, fault })
    return trustsNobody
  }
}

/** Undefined for what is no file of a sensible size; refused with its name. */
async function readBounded(path: string, name: string, refused: RefusedFile[]): Promise<Uint8Array | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) {
    refused.push({ name, fault: new Fault('trust-missing', { at: name }) })
    return undefined
  }
  if (found.size > generalLimits.bytes) {
    refused.push({ name, fault: new Fault('bytes-too-many', { at: name, detail: `${found.size} bytes, at most ${generalLimits.bytes}` }) })
    return undefined
  }
  return readFile(path).catch((cause: unknown) => {
    throw new CliFault('input-missing', { at: path, cause })
  })
}
