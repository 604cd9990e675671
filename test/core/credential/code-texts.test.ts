import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { families } from '#core/credential/families.ts'

interface Schema {
  readonly $ref?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** Every code that a member's schema allows, at any depth. */
function codesIn(schema: Schema, defs: Readonly<Record<string, Schema>>): readonly string[] {
  const target = schema.$ref === undefined ? schema : defs[schema.$ref.replace('#/$defs/', '')]!
  const inside = [...Object.values(target.properties ?? {}), ...(target.items === undefined ? [] : [target.items])]
  return [...(target.enum ?? []), ...inside.flatMap((part) => codesIn(part, defs))]
}

// Codes that only programs look at: places in other records, not words about this one.
const internal = new Set(['source', 'imported'])

describe.each(Object.values(families))('a $id record', ({ claims, disclosures, codes }) => {
  it('has a name in both languages for every code that it can carry', () => {
    for (const schema of [claims, disclosures]) {
      const { $defs = {}, ...root } = z.toJSONSchema(schema) as Schema // the shape that zod writes
      const { properties = {} } = root.$ref === undefined ? root : $defs[root.$ref.replace('#/$defs/', '')]!
      for (const [member, of] of Object.entries(properties)) {
        if (internal.has(member)) continue
        const unnamed = codesIn(of, $defs).filter((code) => codes[member]?.[code] === undefined)
        expect(unnamed, member).toEqual([])
      }
    }
  })
})
