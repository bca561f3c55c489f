import type { ByteWriter } from "./byte-writer.ts"
import { Unwritable } from "./value-text.ts"

/** Why a text with U+0000 cannot be written. */
export const nullCharacter = new Unwritable(
  "postgres.null_character",
  "the text contains the character U+0000, which PostgreSQL cannot store",
)
const loneSurrogate = new Unwritable("postgres.lone_surrogate", "the text contains half of a surrogate pair, which is not a character")

/** Writes text in COPY's text form. Returns why it cannot be written, if PostgreSQL cannot store a character of it. */
export function writeText(text: string | Unwritable, writer: ByteWriter): Unwritable | undefined {
  if (text instanceof Unwritable) return text
  const problem = unstorable(text)
  if (problem === undefined) writer.text(text)
  return problem
}

/** Writes text in COPY's binary form, like `writeText`. */
export function writeUtf8(text: string, writer: ByteWriter): Unwritable | undefined {
  const problem = unstorable(text)
  if (problem === undefined) writer.utf8(text)
  return problem
}

function unstorable(text: string): Unwritable | undefined {
  if (text.includes("\0")) return nullCharacter
  return text.isWellFormed() ? undefined : loneSurrogate
}
