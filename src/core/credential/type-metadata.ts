import type { Localised } from '../model/localised.ts'
import type { Family } from './family.ts'

interface ClaimMetadata {
  readonly path: readonly string[]
  readonly display: readonly { readonly locale: string; readonly label: string }[]
  readonly sd: 'always' | 'never'
}

/** SD-JWT VC Type Metadata (draft-ietf-oauth-sd-jwt-vc §6): what a wallet shows of a record, in both languages. */
export interface TypeMetadata {
  readonly vct: string
  readonly name: string
  readonly description: string
  readonly display: readonly { readonly locale: string; readonly name: string }[]
  readonly claims: readonly ClaimMetadata[]
}

const labelled = ({ zh, en }: Localised) => [
  { locale: 'zh-CN', label: zh },
  { locale: 'en', label: en },
]

/** Members of every record, beside the family's own. */
export const envelopeLabels: Readonly<Record<string, Localised>> = {
  number: { zh: '证书编号', en: 'Certificate number' },
  issuedBy: { zh: '发证机关', en: 'Issuing authority' },
  division: { zh: '发证地', en: 'Issuing place' },
  imported: { zh: '历史台账导入', en: 'Taken over from a ledger' },
  replaces: { zh: '所替代的记录', en: 'Replaces the record' },
}

export function typeMetadataOf({ vct, display, labels, members, groups }: Family): TypeMetadata {
  const claim = (name: string, label: Localised | undefined, sd: ClaimMetadata['sd']): readonly ClaimMetadata[] =>
    label === undefined ? [] : [{ path: [name], display: labelled(label), sd }]
  return {
    vct,
    name: display.en,
    description: display.zh,
    display: [
      { locale: 'zh-CN', name: display.zh },
      { locale: 'en', name: display.en },
    ],
    claims: [
      ...Object.entries(envelopeLabels).flatMap(([name, label]) => claim(name, label, 'never')),
      ...members.flatMap((name) => claim(name, labels[name], 'never')),
      ...groups.flatMap((name) => claim(name, labels[name], 'always')),
    ],
  }
}
