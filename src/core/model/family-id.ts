import { z } from 'zod'

/** The record families of the product. Each has one file under `credential/family/`. */
export const familyIds = ['title', 'qualification', 'skill', 'work-injury', 'labour-capacity', 'recognition'] as const
export const FamilyId = z.enum(familyIds).meta({ id: 'FamilyId' })
export type FamilyId = z.infer<typeof FamilyId>
