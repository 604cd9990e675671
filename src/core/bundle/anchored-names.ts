import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { digestOf } from '../model/digest.ts'
import type { Localised } from '../model/localised.ts'
import { AllianceList, allianceListType } from '../trust/alliance-list.ts'
import { parseGeneralJws } from '../trust/parse-general-jws.ts'
import type { Bundle } from './bundle.ts'

/**
 * What the alliances that a bundle asks to trust are called, by id. A name is read from the very list that the anchor names by its digest, so
 * whoever confirms the anchors has confirmed the name with them; the others have none.
 */
export function anchoredNames({ label, files }: Pick<Bundle, 'label' | 'files'>, engine: Pick<Engine, 'sha256'>): ReadonlyMap<string, Localised> {
  const wanted = new Map(label.anchors.alliances.map(({ alliance, digest }) => [digest, alliance]))
  const names = new Map<string, Localised>()
  for (const { bytes } of files.allianceLists) {
    const list = readList(bytes, engine)
    const alliance = list === undefined ? undefined : wanted.get(list.digest)
    if (list !== undefined && list.payload.alliance === alliance) names.set(alliance, list.payload.name)
  }
  return names
}

function readList(bytes: Uint8Array, engine: Pick<Engine, 'sha256'>): { readonly payload: AllianceList; readonly digest: string } | undefined {
  try {
    const jws = parseGeneralJws(bytes, allianceListType)
    const payload = AllianceList.safeParse(jws.payload)
    return payload.success ? { payload: payload.data, digest: digestOf(jws.payloadText, engine) } : undefined
  } catch (fault) {
    if (fault instanceof Fault) return undefined // of no well-formed list: assembling trust says so
    throw fault
  }
}
