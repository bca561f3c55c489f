import { TextReader } from "../cells/readers/text-reader.ts"
import type { OptionKind } from "../options/option-kind.ts"
import { oneOf } from "../options/option-kinds.ts"
import { type Blanks, isColumnNormalizer, type Normalizer } from "./normalizer.ts"

export function blanksKind(): OptionKind<Blanks> {
  return oneOf("null", "text")
}

/** What blank cells of a column are. Only text can be blank; all other kinds read a blank cell as no value. */
export function blanksOf(normalizer: Normalizer<unknown> | undefined, otherwise: Blanks): Blanks {
  if (normalizer === undefined) return otherwise
  if (!isColumnNormalizer(normalizer) || !(normalizer.reader instanceof TextReader)) return "null"
  return normalizer.blanks ?? otherwise
}
