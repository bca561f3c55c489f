/** How many characters of a text are used; more do not change its shape. */
const longest = 48

/**
 * The shape of a text: `A` for a run of capitals, `a` for letters, `9` for digits, one space for white space; other characters stay. Both
 * `ana.1@example.com` and `bo.22@mail.org` have the shape `a.9@a.a`.
 */
export function textShape(text: string): string {
  const shape = text.slice(0, longest).trim().replace(/\s+/g, " ").replace(/\d+/g, "9")
  if (isAscii.test(shape)) return shape.replace(/[a-z]+/gi, caseOf)
  return shape.replace(/\p{L}+/gu, caseOf)
}

/** Most texts are ASCII. The pattern of all letters takes milliseconds to compile, which would delay the first row of a file. */
const isAscii = /^[\0-\x7f]*$/

const caseOf = (letters: string) => (letters === letters.toUpperCase() ? "A" : "a")

/** Whether a shape is distinctive. A sequence of words has the same shape as any other. */
export function isTellingShape(shape: string): boolean {
  return shape !== "" && !/^[Aa ]+$/.test(shape)
}
