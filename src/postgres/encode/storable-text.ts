/** Replaces characters that PostgreSQL cannot store in a text: U+0000 by its symbol U+2400, half of a surrogate pair by U+FFFD. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "\u2400").toWellFormed()
}

/** JSON that `jsonb` accepts, without U+0000 and halves of surrogate pairs. `JSON.stringify` writes both as escapes. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (found) => {
    if (found === "\\u0000") return "\\u2400"
    return found.length === 6 && found[2] === "d" ? "\\ufffd" : found
  })
}
