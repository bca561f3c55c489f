/** More than this of a text adds nothing to its shape. */
const longest = 48

/**
 * The shape of a text: runs of capitals as `A`, of letters as `a`, of digits as `9`, of white space as one space; other characters stay.
 * `ana.1@example.com` and `bo.22@mail.org` are both `a.9@a.a`.
 */
export function textShape(text: string): string {
  const shape = text.slice(0, longest).trim().replace(/\s+/g, " ").replace(/\d+/g, "9")
  if (isAscii.test(shape)) return shape.replace(/[a-z]+/gi, caseOf)
  return shape.replace(/\p{L}+/gu, caseOf)
}

/** Most texts are. The pattern of all letters takes milliseconds to compile, and that before the first row of a file. */
const isAscii = /^[\0-\x7f]*$/

const caseOf = (letters: string) => (letters === letters.toUpperCase() ? "A" : "a")

/** Whether a shape tells something: words in a row have the same shape as any other words. */
export function isTellingShape(shape: string): boolean {
  return shape !== "" && !/^[Aa ]+$/.test(shape)
}
