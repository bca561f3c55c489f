import { amountParts } from "../../../cells/amount-parts.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { formatAddress } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import type { CellFormats } from "../cells/cell-formats.ts"
import { numberCell, shownCell } from "../cells/cell-kind.ts"
import { type CountedCells, cellsText } from "./cells-text.ts"
import type { TableHead } from "./table-head.ts"

/** How many units a notice names. */
const mostUnits = 5
const percent = "%"
/** Of a number without a unit. */
const none = ""

/** The cells of a column with one unit. */
interface UnitCells extends CountedCells {
  readonly unit: string
}

/**
 * Says which columns mix units that only the number formats of their cells show: amounts in several currencies, weights in kg and lb, percentages and other
 * numbers. The values have no unit. Numbers without a unit are no mix with a currency or a text, since often only the first row and the totals show one.
 */
export function unitNotices(
  blocks: readonly CellBlock[],
  { columns, names, top, bottom }: TableHead,
  formats: CellFormats,
): readonly TableNotice[] {
  if (!formats.haveUnits) return []
  const found = new Map(columns.map((column) => [column, new Map<string, UnitCells>()]))
  for (const { rows, columns: places, kinds, values, ends, length } of blocks) {
    for (let cell = 0; cell < length; cell++) {
      const [row, column, kind] = [rows[cell] as number, places[cell] as number, kinds[cell]]
      if (row < top || row > bottom || (kind !== numberCell && kind !== shownCell)) continue
      const units = found.get(column)
      const unit = (kind === shownCell ? formats.unit((ends[cell] as number) - 1) : undefined) ?? none
      // Zero is the same in all units.
      if (units === undefined || (unit === none && values[cell] === 0)) continue
      const known = units.get(unit)
      if (known === undefined) units.set(unit, { unit, count: 1, first: formatAddress(row, column) })
      else known.count++
    }
  }
  return columns.flatMap((column, at) => {
    const units = [...(found.get(column)?.values() ?? [])].sort((one, other) => other.count - one.count)
    const message = messageOf(units, names[at] ?? "")
    return message === undefined ? [] : [{ code: "column.units", message, column: names[at] ?? "" }]
  })
}

function messageOf(all: readonly UnitCells[], name: string): string | undefined {
  const units = all.filter(({ unit }) => unit !== none)
  const column = `"${shownText(name)}"`
  if (units.length > 1) {
    const areAmounts = units.every(({ unit }) => amountParts(`1 ${unit}`)?.currency === unit)
    const list = units.slice(0, mostUnits).map((each) => `${each.unit} (${cellsText(each)})`)
    const more = units.length > list.length ? ` and ${units.length - list.length} more` : ""
    return `The ${areAmounts ? "amounts" : "numbers"} of ${column} are in several ${areAmounts ? "currencies" : "units"}: ${list.join(", ")}${more}.`
  }
  const other = all.find(({ unit }) => unit === none)
  const [only] = units
  if (only?.unit !== percent || other === undefined) return undefined
  return `${column} has percentages (${cellsText(only)}) and other numbers (${cellsText(other)}). A cell that shows 12 % is 0.12.`
}
