import type { SchemaElement } from "hyparquet"
import { limitExceeded } from "../zip/limit-exceeded.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

/**
 * Walks a schema, which is a list of elements that say how many of those behind them are their children, before a tree is made of it: the tree
 * is made by recursion, with a path in each node.
 */
export function checkSchema(schema: readonly SchemaElement[], uri: string, bounds: ParquetBounds): void {
  /** Children that are still to come, from the root down. */
  const open: number[] = []
  const origin = { uri }
  for (const { num_children: children = 0 } of schema) {
    while (open.at(-1) === 0) open.pop()
    const above = open.at(-1)
    if (above !== undefined) open[open.length - 1] = above - 1
    if (children <= 0) continue
    open.push(children)
    // The root is no level of a column.
    if (open.length <= bounds.depth + 1) continue
    const [seen, limit] = [open.length - 1, bounds.depth]
    throw limitExceeded({ subject: "The table", unit: "levels of nesting", seen, limit, option: "limits.depth", origin })
  }
  if (open.some((left) => left > 0)) throw new Error("its schema promises more columns than it has")
}
