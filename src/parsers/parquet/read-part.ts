import type { Column } from "../../model/column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import { limitExceeded } from "../zip/limit-exceeded.ts"
import { assembleColumn } from "./assemble-column.ts"
import { leafColumn, type OnBadText } from "./leaf-cells.ts"
import type { LeafCursor } from "./leaf-cursor.ts"
import { NestedReader } from "./nested-reader.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import type { ParquetLeaf, ParquetPart } from "./parquet-plan.ts"
import type { TurnGate } from "./turn-gate.ts"

/** The next rows of a column. A row is told once of what its texts are, however many a list of them holds. */
export async function readPart(
  part: ParquetPart,
  cursors: ReadonlyMap<ParquetLeaf, LeafCursor>,
  rows: number,
  { uri, bounds, gate }: { readonly uri: string; readonly bounds: ParquetBounds; readonly gate: TurnGate },
  onBadText: OnBadText,
): Promise<Column<unknown>> {
  if (part.kind === "leaf") {
    const [leaf] = part.leaves
    const slices = (await cursors.get(leaf)?.take(rows)) ?? []
    await gate.pass()
    return leafColumn(slices, rows, leaf.type, onBadText)
  }
  const refuse = (seen: number): never => {
    const subject = `A batch of rows of the column ${part.path.join(".")}`
    const option = "limits.nestedValues"
    throw limitExceeded({ subject, unit: "values in lists", seen, limit: bounds.nestedValues, option, origin: { uri } })
  }
  const onBadRow = onceEach(onBadText)
  const readers = await Promise.all(
    part.leaves.map(async (leaf) => {
      const slices = (await cursors.get(leaf)?.takeRecords(rows, bounds.nestedValues, refuse)) ?? []
      return new NestedReader(slices, leaf.type, onBadRow)
    }),
  )
  await gate.pass()
  return new ValueColumn(assembleColumn(part.node, readers, rows), rows)
}

function onceEach(onBadText: OnBadText): OnBadText {
  let last = ""
  return (row, code) => {
    if (last === `${row} ${code}`) return
    last = `${row} ${code}`
    onBadText(row, code)
  }
}
