import { families } from '../credential/families.ts'
import { FamilyId } from '../model/family-id.ts'
import type { Localised } from '../model/localised.ts'
import type { Check } from './verdict.ts'

/** What a check looked at, for a reader: the kind of a record in words, anything else as it is. Undefined where the check names nothing. */
export function datumText({ id, datum }: Pick<Check, 'id' | 'datum'>): Localised | string | undefined {
  const family = id === 'content' || id === 'key-scope' ? FamilyId.safeParse(datum) : undefined
  return family?.success === true ? families[family.data].display : datum
}
