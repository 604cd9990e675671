/**
 * A text as a terminal may be given it. Parts of it come from records and files of strangers: their control characters could move the
 * cursor over a "no" and write a "yes" there, and their bidirectional marks could turn a line round.
 */
export const shownText = (text: string): string => text.replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '\ufffd')
