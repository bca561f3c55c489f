import type { ColumnRemark } from "./proposal.ts"
import type { Tally } from "./tally.ts"

/** A remark on cells of these sorts. */
export function remark(reason: string, sorts: readonly (readonly [label: string, tally: Tally])[]): ColumnRemark {
  return { reason, sorts: sorts.map(([label, { count, examples }]) => ({ label, cells: count, examples })) }
}

/** The remark with the count of each sort, and the row of its first cell. */
export function remarkWithRows({ reason, sorts }: ColumnRemark): string {
  const parts = sorts.map(({ label, cells, examples: [first] }) => {
    return `${cells} ${label}${first === undefined ? "" : `, first in row ${first.row}`}`
  })
  return `${reason.slice(0, -1)} (${parts.join("; ")}).`
}

/** The remark with a cell of each sort. */
export function remarkWithCells({ reason, sorts }: ColumnRemark): string {
  const cells = sorts.flatMap(({ examples: [first] }) => (first === undefined ? [] : [JSON.stringify(first.text)]))
  return `${reason} ${cells.join(", ")}`.trimEnd()
}
