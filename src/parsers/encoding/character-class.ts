/** The classes of a character, as bits. */
const [letter, capital, small, mark, known] = [1, 2, 4, 8, 16]

/** The classes of the characters of one code unit, found when first asked for: a text asks for the same few again and again. */
let classes: Uint8Array | undefined

export function isLetter(character: string): boolean {
  return (classOf(character) & letter) > 0
}

export function isCapital(character: string): boolean {
  return (classOf(character) & capital) > 0
}

export function isSmall(character: string): boolean {
  return (classOf(character) & small) > 0
}

export function isMark(character: string): boolean {
  return (classOf(character) & mark) > 0
}

function classOf(character: string): number {
  if (character.length !== 1) return character === "" ? 0 : findClass(character)
  classes ??= new Uint8Array(0x10000)
  const code = character.charCodeAt(0)
  const found = classes[code] ?? 0
  if (found > 0) return found
  const of = findClass(character)
  classes[code] = of
  return of
}

function findClass(character: string): number {
  return (
    known |
    (/\p{L}/u.test(character) ? letter : 0) |
    (/\p{Lu}/u.test(character) ? capital : 0) |
    (/\p{Ll}/u.test(character) ? small : 0) |
    (/\p{M}/u.test(character) ? mark : 0)
  )
}
