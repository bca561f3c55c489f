/** The longest text that is tried, in bytes. */
const longest = 1 << 16
const brace = 123
const bracket = 91

/**
 * Whether a text is a JSON object, or an array that no footnote is: one with a comma, a quote or a brace. A number with more digits than a double
 * holds would change, so that a text with one is not JSON.
 */
export function isJsonText(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start]
  if ((first !== brace && first !== bracket) || bytes[end - 1] !== first + 2 || end - start > longest) return false
  const text = bytes.toString("utf8", start, end)
  if ((first === bracket && !/[,"{]/.test(text)) || /\d{16}|\d[.]\d{14}/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
