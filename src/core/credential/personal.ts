import { z } from 'zod'

import type { Localised } from '../model/localised.ts'
import { PartialDate } from '../model/partial-date.ts'
import { personIdKinds } from '../model/person-id.ts'
import { Line } from './envelope.ts'

/** A person's name in canonical form, 1 to 100 code points; `readName` makes it. */
export const PersonName = z
  .string()
  .refine((name) => name.length > 0 && [...name].length <= 100, { error: 'name of 1 to 100 characters' })
  .regex(/^[^\p{Cc}\p{Nd}<>\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+$/u)
  .meta({ id: 'PersonName' })

export const Name = z
  .strictObject({ name: PersonName, nameAsIssued: z.string().min(1).max(200).optional() })
  .meta({ id: 'Name', description: 'Canonical name, and the name as the document has it where the two differ' })

export const Identity = z
  .strictObject({ kind: z.enum(personIdKinds), number: z.string().min(4).max(40) })
  .meta({ id: 'Identity', description: 'Identity document: its kind and number' })

export const Birth = z
  .strictObject({ date: PartialDate.optional(), gender: z.enum(['male', 'female']).optional() })
  .meta({ id: 'Birth', description: 'Birth date and gender' })

export const PhotoDigest = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .meta({ id: 'PhotoDigest', description: 'SHA-256 of the portrait, base64url' })

/** The groups that every family discloses alike: few, so that the paper code stays small (DESIGN §3). */
export const personal = {
  name: Name,
  identity: Identity,
  birth: Birth.optional(),
  employer: Line.optional(),
  photo: PhotoDigest.optional(),
}

/** What those groups are called. */
export const personalLabels = {
  name: { zh: '姓名', en: 'Name' },
  identity: { zh: '身份证件', en: 'Identity document' },
  birth: { zh: '出生日期与性别', en: 'Birth date and gender' },
  employer: { zh: '工作单位', en: 'Employer' },
  photo: { zh: '照片摘要', en: 'Photo digest' },
} as const satisfies Record<keyof typeof personal, Localised>
