import { type ApparentKind, apparentKind } from "../header/apparent-kind.ts"
import { isTellingShape, textShape } from "../header/text-shape.ts"
import { textOfView } from "./dialect/dialect.ts"

/** What the fields of a column have in common. A field without it is in the wrong place. */
interface ColumnPattern {
  readonly kind: ApparentKind
  /** The shape of text columns; undefined for values. */
  readonly shape: string | undefined
}

const leastRows = 4
const share = 0.95

/** Tells from a sample whether the fields of a record are in the right columns. Most files are regular, so the sample is analysed on first use. */
export class ColumnProof {
  readonly #rows: readonly (readonly string[])[]
  readonly #width: number
  readonly #patterns = new Map<number, ColumnPattern | undefined>()
  readonly #kinds = new Map<number, ApparentKind | undefined>()

  /** `rows`: the fields of regular records. */
  constructor(rows: readonly (readonly string[])[], width: number) {
    this.#rows = rows
    this.#width = width
  }

  /** Whether any field could be confirmed: one record proves nothing. */
  get hasEvidence(): boolean {
    return this.#rows.length > 1
  }

  #pattern(column: number): ColumnPattern | undefined {
    if (!this.#patterns.has(column)) this.#patterns.set(column, patternOf(this.#rows, column))
    return this.#patterns.get(column)
  }

  /** Counts the columns that confirm their field; undefined if a column contradicts its field. */
  fits(fields: readonly string[]): number | undefined {
    let proofs = 0
    for (let j = 0; j < fields.length; j++) {
      const said = this.at(j, fields[j] ?? "")
      if (said < 0) return undefined
      proofs += said
    }
    return proofs
  }

  /** Whether a field belongs in a column: 1 if it does, -1 if it does not, 0 if the column cannot tell. */
  at(column: number, field: string): -1 | 0 | 1 {
    const pattern = this.#pattern(column)
    if (pattern === undefined || field === "") return 0
    const kind = kindOf(field)
    if (kind === "empty" || kind === "missing") return 0
    return kind !== pattern.kind || (pattern.shape !== undefined && pattern.shape !== textShape(field)) ? -1 : 1
  }

  /** Whether a field is a number, date or boolean like all values of its column, of which even two suffice. */
  isValueOf(column: number, field: string): boolean {
    if (!this.#kinds.has(column)) this.#kinds.set(column, onlyKind(this.#rows, column))
    const kind = this.#kinds.get(column)
    return kind !== undefined && kind === kindOf(field)
  }

  /** The columns with values of this kind. */
  columnsOf(kind: ApparentKind): number[] {
    return Array.from({ length: this.#width }, (_, j) => j).filter((j) => this.#pattern(j)?.kind === kind)
  }
}

function patternOf(rows: readonly (readonly string[])[], column: number): ColumnPattern | undefined {
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

/** The kind of all values of a column, of which there are two at least; undefined for text. */
function onlyKind(rows: readonly (readonly string[])[], column: number): ApparentKind | undefined {
  const kinds = rows.map((row) => kindOf(row[column] ?? "")).filter((kind) => kind !== "empty" && kind !== "missing")
  const [first] = kinds
  return first !== "text" && kinds.length > 1 && kinds.every((kind) => kind === first) ? first : undefined
}

function kindOf(field: string): ApparentKind {
  return apparentKind(field.length > 60 ? field : textOfView(field))
}
