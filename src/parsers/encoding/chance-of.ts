import { isCapital, isLetter, isSmall } from "./character-class.ts"

/**
 * How likely the case of a letter beyond ASCII is beside others. Capitals stand at the beginning of a word, or among capitals; no small letter stands
 * before one. Few words have one letter.
 */
export function chanceOfCase(character: string, before: string, after: string, beforeThat: string): number {
  if (!isLetter(before) && !isLetter(after)) return isCapital(character) ? 0.02 : 0.1
  if (isCapital(character) && isCapital(before) && isSmall(after)) return 0.05
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
  if (/[–—…•]/.test(character)) return isLetter(after) ? 0.005 : 0.02
  if (/[€£°]/.test(character)) return 0.05
  if (/[²³½¼¾]/.test(character) && (isLetter(before) || isLetter(after))) return 5e-4
  if (/[§²³½¼¾®©™±µºª¿¡×№]/.test(character)) return 0.005
  return 2e-4
}

/**
 * Where signs stand in tables: the text before one, the signs, and the text after it. The first that applies gives the likelihood. It may exceed 1,
 * because a unit is evidence in itself: few words are one letter and the rest of a unit.
 */
const placesOfSigns: readonly (readonly [before: RegExp, signs: string, after: RegExp, likelihood: number])[] = [
  [
    /(?:^|[^A-Za-z])$/,
    "µ",
    /^(?:[ACFgGHJKlLmMNPsSTUVW]|mol|Mol|MOL|eq|Eq|Pa|Sv|Ci|Gy|Hz|kat|IU|Bq|cd|bar|sec)(?:[^A-Za-z\u0080-\uffff]|[²³·]|$)/,
    5,
  ],
  [/(?:^|[^A-Za-zÀ-ɏ])(?:[cdkmnµ]?m|ft|yd|mi)$/, "²³", /^(?:[^A-Za-z0-9]|$)/, 5],
  [/(?:^|[^A-Za-zÀ-ɏ])(?:in|s|sec)$/, "²³", /^(?:[^A-Za-z0-9]|$)/, 0.3],
  [/(?:^|[\d\s(/,;|"±])$/, "°", /^(?:[CFKNSEWR](?:[^A-Za-z]|$)|[^A-Za-z]|$)/, 1],
  [/(?:^|[\s(,;|"\d=])$/, "±", /^[\d\s.]/, 0.5],
  [/(?:^|[\s\dA-Z])$/, "×", /^[\s\dA-Z]/, 0.3],
  [/(?:^|[\s\d])$/, "÷", /^[\s\d]/, 0.3],
  [/(?:^|[\s(,;|"])$/, "Ø", /^[\s\d=:]/, 0.1],
  [/(?:^|[\s\d(/,;|"]|[^A-Za-z][kMmµ])$/, "Ω", /^(?:[^A-Za-z]|$)/, 0.5],
  [/(?:^|[\s\d(,;|"-])$/, "½¼¾", /^(?:[^A-Za-z\d]|$)/, 0.2],
  [/(?:^|[\d\s(,;|"'/-]|[^A-Za-z][kMm])$/, "€£", /^(?:[\d\s),;|"'/.-]|$)/, 0.3],
  [/(?:^|[\d\s(,;|"])$/, "¥", /^(?:[\d\s),;|"]|$)/, 0.1],
  [/[\d\s]$/, "¢‰", /^(?:[^A-Za-z\d]|$)/, 0.1],
  [/(?:^|[\s(,;|"§])$/, "§", /^[ \d§\u00a0]/, 0.2],
  [/(?:^|[\s(,;|"])$/, "©", /^[\s\d]/, 0.2],
  [/[A-Za-z\d]$/, "®™", /^(?:[^A-Za-z\u00c0-\uffff]|[™–—…’”]|$)/, 1],
  [/(?:^|[^A-Za-z])[Nn]$|\d\.?$/, "ºª", /^(?:[^A-Za-z]|$)/, 0.3],
  [/\d$/, "–", /^\d/, 0.1],
  [/(?:^|[\s(,;|"])$/, "•", /^\s/, 0.1],
  [/(?:^|[\s(,;|"])$/, "¿¡", /^\S/, 0.05],
]

const signs: ReadonlySet<string> = new Set(placesOfSigns.flatMap(([, those]) => [...those]))
/** So many characters around a sign matter. */
const nearby = 8

/** How likely the sign at a place in a text is there, if that is a usual place for it. */
export function chanceOfSign(text: string, at: number): number | undefined {
  const sign = text.charAt(at)
  if (!signs.has(sign)) return undefined
  const before = text.slice(Math.max(0, at - nearby), at)
  const after = text.slice(at + 1, at + 1 + nearby)
  return placesOfSigns.find(([left, those, right]) => those.includes(sign) && left.test(before) && right.test(after))?.[3]
}
