import type { FamilyId } from '#core/model/family-id.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import type { NumberScheme } from '#core/model/number-scheme.ts'
import { getMeta } from '#storage/meta.ts'
import type { Office } from './office.ts'
import { defaultSchemes } from './open-office.ts'

/**
 * The same office with number schemes that can be read anew while it is open: a scheme that an officer sets, here or through another
 * process over the same store, must not wait for a restart.
 */
export function keepSchemes(office: Office): { readonly office: Office; readonly readAgain: () => Promise<void> } {
  let schemes = office.schemes
  return {
    office: {
      ...office,
      get schemes() {
        return schemes
      },
    },
    readAgain: async () => {
      const stored = await getMeta(office.store.read, 'number-schemes')
      const own = stored === undefined ? {} : (JSON.parse(decodeUtf8(stored)) as Partial<Record<FamilyId, NumberScheme>>) // written by setNumberScheme alone
      schemes = { ...defaultSchemes(office.authority), ...own }
    },
  }
}
