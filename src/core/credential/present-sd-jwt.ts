import type { Engine } from '../crypto/engine.ts'
import { nobleEngine } from '../crypto/engine-noble.ts'
import type { JsonObject, JsonValue } from '../encoding/parse-json.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { splitSdJwt } from './parse-sd-jwt.ts'
import type { Disclosure } from './process-disclosures.ts'

/**
 * A copy with the named disclosures only; those that the named ones stand inside are kept with them, since a digest that nobody can reach
 * would make the record invalid (RFC 9901 §7.2). A key binding is dropped: it was made for one presentation. Unknown names are refused
 * (`disclosure-unknown`), so that nobody believes to have shown what the record doesn't hold.
 */
export function presentSdJwt(text: string, names: readonly string[], engine: Pick<Engine, 'sha256'> = nobleEngine): string {
  const { jwt, disclosures } = splitSdJwt(text, encodeUtf8(text), engine)
  for (const name of names) if (!disclosures.some((disclosure) => disclosure.name === name)) throw new Fault('disclosure-unknown', { at: name })
  const parentOf = parents(disclosures)
  const kept = new Set<Disclosure>()
  for (const disclosure of disclosures) {
    if (disclosure.name === null || !names.includes(disclosure.name)) continue
    // The set also ends a walk in a circle, which only a text that can't be valid would hold.
    for (let next: Disclosure | undefined = disclosure; next !== undefined && !kept.has(next); next = parentOf.get(next)) kept.add(next)
  }
  return `${[jwt, ...disclosures.filter((disclosure) => kept.has(disclosure)).map((disclosure) => disclosure.text)].join('~')}~`
}

function parents(disclosures: readonly Disclosure[]): ReadonlyMap<Disclosure, Disclosure> {
  const holders = new Map(disclosures.flatMap((holder) => digestsIn(holder.value).map((digest) => [digest, holder] as const)))
  return new Map(
    disclosures.flatMap((disclosure) => {
      const holder = holders.get(disclosure.digest)
      return holder === undefined ? [] : [[disclosure, holder] as const]
    }),
  )
}

function digestsIn(value: JsonValue): readonly string[] {
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(digestsIn)
  return Object.entries(value as JsonObject).flatMap(([name, inner]) => {
    const texts = [inner].flat().filter((item) => typeof item === 'string')
    return name === '_sd' || name === '...' ? texts : digestsIn(inner)
  })
}
