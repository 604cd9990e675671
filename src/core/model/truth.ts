/** Three values throughout: what is not known is never turned into a yes or a no (Kleene's strong logic). */
export type Truth = 'yes' | 'no' | 'cannot-tell'

/** One no makes it no; else one unknown makes it unknown. All of nothing is yes. */
export const allOf = (truths: readonly Truth[]): Truth => (truths.includes('no') ? 'no' : truths.includes('cannot-tell') ? 'cannot-tell' : 'yes')

/** One yes makes it yes; else one unknown makes it unknown. Any of nothing is no. */
export const anyOf = (truths: readonly Truth[]): Truth => (truths.includes('yes') ? 'yes' : truths.includes('cannot-tell') ? 'cannot-tell' : 'no')
