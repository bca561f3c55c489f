import type { ColumnValues } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"

/** What most cells of a column are. */
export interface ColumnType {
  readonly kind: "number" | "moment" | "text"
  /** The share of the filled cells that are of this kind; of text, of all. */
  readonly share: number
}

export function columnType(column: ColumnValues): ColumnType {
  const kinds = column.shares(({ kind }) => (kind === "number" || kind === "moment" ? kind : "text"))
  for (const kind of ["number", "moment"] as const) if (kinds.of(kind) >= limits.typeShare) return { kind, share: kinds.of(kind) }
  return { kind: "text", share: 1 }
}
