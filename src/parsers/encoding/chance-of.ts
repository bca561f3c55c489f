/**
 * How likely the case of a letter beyond ASCII is beside others. Capitals stand at the beginning of a word, or among capitals; no small letter stands
 * before one. Few words have one letter.
 */
export function chanceOfCase(character: string, before: string, after: string, beforeThat: string): number {
  if (!isLetter(before) && !isLetter(after)) return isCapital(character) ? 0.02 : 0.1
  if (isCapital(character)) return isSmall(before) ? 0.01 : isCapital(before) || isCapital(after) ? 1 : capital
  if (isCapital(before) && (isCapital(beforeThat) || isCapital(after))) return 0.05
  return isCapital(after) ? 0.01 : 1
}

const capital = 0.3

/** How likely a character beyond ASCII that is no letter is where it stands. */
export function chanceOfSymbol(character: string, before: string, after: string): number {
  if (/[\ufffd\p{Cc}\p{Co}\p{Cn}]/u.test(character)) return 1e-8
  const between = isLetter(before) && isLetter(after)
  if (character === "\u00a0") return 0.01
  if (character === "’") return between ? 0.5 : isLetter(after) ? 0.001 : 0.05
  if (character === "·") return between ? 0.01 : 0.002
  if (between) return character === "—" || character === "–" ? 0.002 : character === "\u00ad" ? 1e-3 : 2e-5
  if (/[“„«‘‚»]/.test(character) && /[\s"(,;]|^$/.test(before)) return 0.02
  if (/[”“»«‘]/.test(character) && !isLetter(after)) return 0.01
  if (/[–—…•]/.test(character)) return 0.02
  if (/[€£°]/.test(character)) return 0.05
  if (/[§²³½¼¾®©™±µºª¿¡×№]/.test(character)) return 0.005
  return 2e-4
}

export function isLetter(character: string): boolean {
  return /\p{L}/u.test(character)
}

function isCapital(character: string): boolean {
  return /\p{Lu}/u.test(character)
}

function isSmall(character: string): boolean {
  return /\p{Ll}/u.test(character)
}
