import { CellError } from "../../model/cell-error.ts"
import type { CellValue, Row } from "../../model/cell-value.ts"
import { Duration } from "../../model/duration.ts"
import { setOwn } from "../../model/set-own.ts"
import { TimeOfDay } from "../../model/time-of-day.ts"

/** Kinds of the cells that are text in JSON but had another type in the file, by column. */
export interface CellKinds {
  readonly [column: string]: "date" | CellClock | "error"
}

type CellClock = readonly ["time" | "duration", ms: number]

/** Undefined if JSON keeps every cell's type, as for all text formats. */
export function kindsOf(row: Row): CellKinds | undefined {
  let kinds: { [column: string]: unknown } | undefined
  for (const column of Object.keys(row)) {
    const kind = kindOf(row[column])
    if (kind === undefined) continue
    kinds ??= {}
    setOwn(kinds, column, kind)
  }
  return kinds as CellKinds | undefined
}

/** The cells with their original types. */
export function withKinds(row: Row, kinds: CellKinds): Row {
  const cells: { [column: string]: unknown } = {}
  for (const [column, value] of Object.entries(row)) {
    const kind = Object.hasOwn(kinds, column) ? kinds[column] : undefined
    setOwn(cells, column, kind === undefined || value === null ? value : cellOf(kind, String(value)))
  }
  return cells as Row
}

function kindOf(value: CellValue | undefined): CellKinds[string] | undefined {
  if (typeof value !== "object" || value === null) return undefined
  if (value instanceof Date) return "date"
  if (value instanceof CellError) return "error"
  if (value instanceof TimeOfDay) return ["time", value.ms]
  return value instanceof Duration ? ["duration", value.ms] : undefined
}

function cellOf(kind: CellKinds[string], text: string): CellValue {
  if (kind === "date") return new Date(text)
  if (kind === "error") return new CellError(text)
  return kind[0] === "time" ? new TimeOfDay(kind[1]) : new Duration(kind[1])
}
