/**
 * An identity number as others may see it. Officers see the first six and the last four characters (area and end), the public
 * the first and the last. Shorter numbers keep the first and last only, the shortest nothing.
 */
export function maskPersonId(number: string, viewer: 'officer' | 'public'): string {
  const characters = [...number]
  const [first, last] = viewer === 'officer' && characters.length >= 15 ? [6, 4] : characters.length >= 5 ? [1, 1] : [0, 0]
  return characters.map((character, index) => (index < first || index >= characters.length - last ? character : '*')).join('')
}

/** A name as others may see it: only its last character and the separators. 欧阳修 → **修; 买买提·艾力 → ***·*力. A single character is hidden. */
export function maskName(name: string): string {
  const characters = [...name]
  return characters
    .map((character, index) => (character === '·' || character === ' ' || (index === characters.length - 1 && index > 0) ? character : '*'))
    .join('')
}
