import type { FamilyId } from '../model/family-id.ts'
import type { Family } from './family.ts'
import { labourCapacity } from './family/labour-capacity.ts'
import { qualification } from './family/qualification.ts'
import { recognition } from './family/recognition.ts'
import { skill } from './family/skill.ts'
import { title } from './family/title.ts'
import { workInjury } from './family/work-injury.ts'

/** Every family that this version knows. A new family is one file, one line here and one test. */
export const families: Readonly<Record<FamilyId, Family>> = {
  title,
  qualification,
  skill,
  'work-injury': workInjury,
  'labour-capacity': labourCapacity,
  recognition,
}

const byVct: ReadonlyMap<string, Family> = new Map(Object.values(families).map((family) => [family.vct, family]))
const byCode: ReadonlyMap<number, Family> = new Map(Object.values(families).map((family) => [family.code, family]))

export const familyOfVct = (vct: string): Family | undefined => byVct.get(vct)
export const familyOfCode = (code: number): Family | undefined => byCode.get(code)
