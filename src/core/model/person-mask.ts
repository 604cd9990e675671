type Viewer = 'officer' | 'public' | 'sheet'

/** Least length of the number, and how many characters at its beginning and end are seen. The first that fits counts. */
const seen: Readonly<Record<Viewer, readonly (readonly [least: number, first: number, last: number])[]>> = {
  officer: [
    [15, 6, 4],
    [5, 1, 1],
  ],
  public: [[5, 1, 1]],
  sheet: [
    [15, 3, 4],
    [8, 1, 3],
    [5, 1, 1],
  ],
}

/**
 * An identity number as others may see it. Officers see the first six and the last four characters (area and end), the public
 * the first and the last; a sheet of paper that its holder hands over shows the first three and the last four, enough to compare with the
 * card and nothing of the birthday. Shorter numbers keep less, the shortest nothing.
 */
export function maskPersonId(number: string, viewer: Viewer): string {
  const characters = [...number]
  const [, first, last] = seen[viewer].find(([least]) => characters.length >= least) ?? [0, 0, 0]
  return characters.map((character, index) => (index < first || index >= characters.length - last ? character : '*')).join('')
}

/** A name as others may see it: only its last character and the separators. 欧阳修 → **修; 买买提·艾力 → ***·*力. A single character is hidden. */
export function maskName(name: string): string {
  const characters = [...name]
  return characters
    .map((character, index) => (character === '·' || character === ' ' || (index === characters.length - 1 && index > 0) ? character : '*'))
    .join('')
}
