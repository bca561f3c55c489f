/** Names of files, pipelines and columns can hold what no text of PostgreSQL can: U+0000 becomes its picture, half a surrogate pair U+FFFD. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "\u2400").toWellFormed()
}

/** JSON that a `jsonb` takes: it has neither U+0000 nor half of a surrogate pair. `JSON.stringify` writes both as escapes. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (found) => {
    if (found === "\\u0000") return "\\u2400"
    return found.length === 6 && found[2] === "d" ? "\\ufffd" : found
  })
}
