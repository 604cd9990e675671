import '#core/parse-without-eval.ts'

import { describeRecord, type DescribedGroup, type DescribedLine } from '#core/credential/describe-record.ts'
import { familyOfVct } from '#core/credential/families.ts'
import type { RecordClaims } from '#core/credential/family.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { personalLabels } from '#core/credential/personal.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import type { Localised } from '#core/model/localised.ts'

// What the holder has, and what of it others are to see. Loaded before a code is used up, so that a record that has come can be read and saved.

/** A group of personal data that is shown or not shown as a whole. */
export interface Disclosable {
  readonly name: string
  readonly label: Localised
  readonly lines: readonly DescribedLine[]
  /** Not who the person is but what the document found: health data (PIPL art. 28). */
  readonly sensitive: boolean
}

export interface Received {
  readonly text: string
  readonly number: string
  readonly family: Localised
  readonly holder: string
  /** Everything that was signed, the identity number in full. */
  readonly groups: readonly DescribedGroup[]
  /** In the family's order; without the identity number, which has choices of its own. */
  readonly disclosables: readonly Disclosable[]
  /** The identity number as a sheet of paper covers it. */
  readonly maskedNumber: string
}

/** Undefined where this version of the page cannot read it: a newer node may issue what an older page does not know. The text is good all the same. */
export function receive(text: string): Received | undefined {
  try {
    const { disclosed, disclosures, claims, family, groups } = describe(text, false)
    const masked = describe(text, true).groups.flatMap(({ lines }) => lines)
    const valueOf = (lines: readonly DescribedLine[], member: string): string => {
      const value = lines.find((line) => line.member === member)?.value
      return typeof value === 'string' ? value : ''
    }
    const lines = groups.flatMap((group) => group.lines)
    const present = new Set(disclosures.map(({ name }) => name))
    return {
      text,
      number: claims.number,
      family: family.display,
      holder: valueOf(lines, 'name.name'),
      groups,
      disclosables: family.groups
        .filter((name) => present.has(name) && name !== 'identity' && disclosed[name] !== undefined)
        .map((name) => ({
          name,
          label: family.labels[name] ?? { zh: name, en: name },
          lines: lines.filter(({ member }) => member === name || member.startsWith(`${name}.`)),
          sensitive: !Object.hasOwn(personalLabels, name),
        })),
      maskedNumber: valueOf(masked, 'identity.number'),
    }
  } catch {
    return undefined
  }
}

export interface Choice {
  /** Disclosures by name, beside the identity number. */
  readonly names: readonly string[]
  /** `masked` is for the sheet alone: a signed number is disclosed as a whole or not at all. */
  readonly identity: 'none' | 'masked' | 'full'
}

export interface Presentation {
  /** What the record file holds, and what is attached to the certificate. */
  readonly file: string
  /** What the certificate is made from. */
  readonly sheet: string
  /** What a receiver sees of the person: what was chosen, and nothing else. */
  readonly chosen: readonly DescribedLine[]
  /** What every receiver sees. */
  readonly always: readonly DescribedGroup[]
}

/** A copy for somebody else, made here: the node is not asked. */
export function present({ text }: Pick<Received, 'text'>, { names, identity }: Choice): Presentation {
  const withNumber = presentSdJwt(text, [...names, 'identity'])
  const without = presentSdJwt(text, names)
  const sheet = identity === 'none' ? without : withNumber
  const { disclosed, groups } = describe(sheet, identity === 'masked')
  const isChosen = ({ member }: DescribedLine): boolean => Object.hasOwn(disclosed, member.split('.', 1)[0]!) // a split has a first part
  const others = groups.map((group) => ({ ...group, lines: group.lines.filter((line) => !isChosen(line)) }))
  return {
    file: identity === 'full' ? withNumber : without,
    sheet,
    chosen: groups.flatMap(({ lines }) => lines.filter(isChosen)),
    always: others.filter(({ lines }) => lines.length > 0),
  }
}

function describe(text: string, maskIdentity: boolean) {
  const { claims: parsed, disclosed, disclosures } = parseSdJwt(text, nobleEngine)
  const { vct } = parsed
  const family = typeof vct === 'string' ? familyOfVct(vct) : undefined
  if (family === undefined) throw new Error('a family that this version does not know')
  const claims = parsed as unknown as RecordClaims // the node's own record, or one that is shown to nobody but its holder
  return { claims, disclosed, disclosures, family, groups: describeRecord({ family: family.id, claims, disclosed }, { maskIdentity }) }
}
