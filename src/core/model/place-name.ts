import table from '#codes/division-names.json' with { type: 'json' }
import { ancestorsOf } from './division-code.ts'
import { fullNameOf, placeAt } from './divisions.ts'
import type { Localised } from './localised.ts'

const english: ReadonlyMap<string, string> = new Map(Object.entries(table.en))

/**
 * The whole name of a place: 370100 → 山东省济南市; Jinan, Shandong. What has no English name stands in Chinese: 历下区, Jinan, Shandong.
 * Undefined for a code that names no place.
 */
export function placeName(code: string): Localised | undefined {
  const zh = fullNameOf(code)
  if (zh === undefined) return undefined
  const parts = [code, ...ancestorsOf(code)].flatMap((place) => english.get(place) ?? placeAt(place)?.name ?? [])
  return { zh, en: parts.join(', ') }
}
