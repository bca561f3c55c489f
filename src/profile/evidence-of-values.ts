import { ValueColumn } from "../model/columns/value-column.ts"
import type { CountedValue } from "../sketch/counted-minima.ts"
import { ColumnEvidence } from "./column-evidence.ts"
import type { SeenCell } from "./seen-cell.ts"

/** Cells of the sample if values are repeated in proportion to their counts. */
const sampleCells = 8192

/** The evidence that counted values give for a kind: that of a sample which holds each of them at least once. */
export function evidenceOfValues(values: readonly CountedValue<SeenCell>[]): ColumnEvidence {
  const total = values.reduce((sum, { count }) => sum + count, 0)
  const share = Math.min(1, sampleCells / total)
  const cells = values.flatMap(({ value, count }) => new Array<unknown>(Math.max(1, Math.floor(count * share))).fill(cellOf(value)))
  const evidence = new ColumnEvidence(cells.length)
  evidence.add(new ValueColumn(cells), (row) => row)
  return evidence
}

function cellOf(seen: SeenCell): unknown {
  if (seen.type === "text" || seen.type === "other") return seen.text
  return seen.type === "date" ? new Date(seen.value) : seen.value
}
