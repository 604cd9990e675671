const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** ISO 7064 MOD 11-2 (pure): the check character, 0–9 or X, for a text of digits. Undefined for anything else. */
export function mod11Check(digits: string): string | undefined {
  if (!/^\d+$/.test(digits)) return undefined
  let product = 0
  for (const digit of digits) product = ((product + Number(digit)) * 2) % 11
  return '0123456789X'[(12 - product) % 11]
}

/** ISO 7064 MOD 37,36 (hybrid): the check character, 0–9 or A–Z, for a text of digits and capital letters. Undefined for anything else. */
export function mod37Check(characters: string): string | undefined {
  if (!/^[0-9A-Z]+$/.test(characters)) return undefined
  let product = 36
  for (const character of characters) {
    const sum = (product + alphanumeric.indexOf(character)) % 36
    product = ((sum === 0 ? 36 : sum) * 2) % 37
  }
  return alphanumeric[(37 - product) % 36]
}
