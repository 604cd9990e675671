import { z } from 'zod'

/** A text in both languages of the product, Chinese first. */
export const Localised = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).meta({ id: 'Localised' })
export type Localised = z.infer<typeof Localised>

export type Language = keyof Localised
