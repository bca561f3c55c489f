import { type ApparentKind, apparentKind } from "../header/apparent-kind.ts"
import { isTellingShape, textShape } from "../header/text-shape.ts"
import { textOfView } from "./dialect/dialect.ts"

/** What the fields of a column have in common, so that a field in the wrong place is recognised. */
interface ColumnLook {
  readonly kind: ApparentKind
  /** Of text; undefined for values. */
  readonly shape: string | undefined
}

const leastRows = 4
const share = 0.95

/** What a sample proves about the columns of a table: whether fields stand where they belong. Looked at when asked: most files are regular. */
export class ColumnProof {
  readonly #rows: readonly (readonly string[])[]
  readonly #width: number
  readonly #looks = new Map<number, ColumnLook | undefined>()

  /** `rows`: the fields of regular records. */
  constructor(rows: readonly (readonly string[])[], width: number) {
    this.#rows = rows
    this.#width = width
  }

  #look(column: number): ColumnLook | undefined {
    if (!this.#looks.has(column)) this.#looks.set(column, lookOf(this.#rows, column))
    return this.#looks.get(column)
  }

  /** How many columns prove that the fields stand in their places; undefined where one shows that they do not. */
  fits(fields: readonly string[]): number | undefined {
    let proofs = 0
    for (let j = 0; j < fields.length; j++) {
      const said = this.at(j, fields[j] ?? "")
      if (said < 0) return undefined
      proofs += said
    }
    return proofs
  }

  /** What a column says of a field: 1 that it belongs there, -1 that it does not, 0 nothing. */
  at(column: number, field: string): -1 | 0 | 1 {
    const look = this.#look(column)
    if (look === undefined || field === "") return 0
    const kind = kindOf(field)
    if (kind === "empty" || kind === "missing") return 0
    return kind !== look.kind || (look.shape !== undefined && look.shape !== textShape(field)) ? -1 : 1
  }

  /** The columns that hold values of a kind. */
  columnsOf(kind: ApparentKind): number[] {
    return Array.from({ length: this.#width }, (_, j) => j).filter((j) => this.#look(j)?.kind === kind)
  }
}

function lookOf(rows: readonly (readonly string[])[], column: number): ColumnLook | undefined {
  const counts = new Map<string, number>()
  let filled = 0
  for (const row of rows) {
    const field = row[column] ?? ""
    const kind = kindOf(field)
    if (kind === "empty" || kind === "missing") continue
    filled++
    const key = kind === "text" ? `text ${textShape(field)}` : kind
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  if (filled < leastRows) return undefined
  for (const [key, count] of counts) {
    if (count < filled * share) continue
    if (!key.startsWith("text ")) return { kind: key as ApparentKind, shape: undefined }
    const shape = key.slice(5)
    return isTellingShape(shape) ? { kind: "text", shape } : undefined
  }
  return undefined
}

function kindOf(field: string): ApparentKind {
  return apparentKind(field.length > 60 ? field : textOfView(field))
}
