import { z } from 'zod'

import { families } from '../src/core/credential/families.ts'
import { typeMetadataOf } from '../src/core/credential/type-metadata.ts'
import { NumberScheme } from '../src/core/model/number-scheme.ts'
import { RuleSet } from '../src/core/rules/rule-set.ts'
import { AllianceList } from '../src/core/trust/alliance-list.ts'
import { Anchors } from '../src/core/trust/anchors.ts'
import { FreshnessStamp } from '../src/core/trust/freshness-stamp.ts'
import { KeyManifest } from '../src/core/trust/key-manifest.ts'
import { SignedRuleSet } from '../src/core/trust/signed-rule-set.ts'

const jsonSchema = (schema: z.ZodType): string => `${JSON.stringify(z.toJSONSchema(schema, { target: 'draft-2020-12' }), null, 2)}\n`

const file = (name: string, make: () => string) => ({ path: `schema/json/${name}.json`, make })

/** JSON Schemas of everything that is signed or configured, and the type metadata of each family. */
export const schemaFiles = [
  ...Object.values(families).flatMap((family) => [
    file(`${family.id}.claims`, () => jsonSchema(family.claims)),
    file(`${family.id}.disclosures`, () => jsonSchema(family.disclosures)),
    file(`${family.id}.draft`, () => jsonSchema(family.draft)),
    file(`${family.id}.type-metadata`, () => `${JSON.stringify(typeMetadataOf(family), null, 2)}\n`),
  ]),
  file('key-manifest', () => jsonSchema(KeyManifest)),
  file('alliance-list', () => jsonSchema(AllianceList)),
  file('freshness', () => jsonSchema(FreshnessStamp)),
  file('rule-set', () => jsonSchema(RuleSet)),
  file('signed-rule-set', () => jsonSchema(SignedRuleSet)),
  file('anchors', () => jsonSchema(Anchors)),
  file('number-scheme', () => jsonSchema(NumberScheme)),
]
