import type { ByteWriter } from "./byte-writer.ts"
import { Unwritable } from "./value-text.ts"

/** What is said of a row with U+0000 in it. */
export const nullCharacter = new Unwritable("postgres.null_character", "holds the character U+0000, which PostgreSQL cannot store")
const loneSurrogate = new Unwritable("postgres.lone_surrogate", "holds half of a surrogate pair, which is no character")

/** Text into COPY's form. Characters that no text of PostgreSQL can hold set the row aside. */
export function writeText(text: string | Unwritable, writer: ByteWriter): Unwritable | undefined {
  if (text instanceof Unwritable) return text
  const problem = unstorable(text)
  if (problem === undefined) writer.text(text)
  return problem
}

/** The same into COPY's binary form. */
export function writeUtf8(text: string, writer: ByteWriter): Unwritable | undefined {
  const problem = unstorable(text)
  if (problem === undefined) writer.utf8(text)
  return problem
}

function unstorable(text: string): Unwritable | undefined {
  if (text.includes("\0")) return nullCharacter
  return text.isWellFormed() ? undefined : loneSurrogate
}
