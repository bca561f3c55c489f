import { CellError } from "../../../model/cell-error.ts"
import type { CellValue } from "../../../model/cell-value.ts"
import { Duration } from "../../../model/duration.ts"
import { TimeOfDay } from "../../../model/time-of-day.ts"
import { booleanCell, dateCell, durationCell, errorCell, numberCell, sharedCell, shownCell, textCell, timeCell } from "./cell-kind.ts"

/** Converts a cell's kind and number to its value. `text` is called if the cell holds a text. */
export function cellValue(kind: number | undefined, value: number, text: () => string): CellValue {
  switch (kind) {
    case numberCell:
    case shownCell:
      return value
    case dateCell:
      return new Date(value)
    case timeCell:
      return new TimeOfDay(value)
    case durationCell:
      return new Duration(value)
    case booleanCell:
      return value === 1
    case sharedCell:
    case textCell:
      return text()
    case errorCell:
      return new CellError(text())
    default:
      return null
  }
}
