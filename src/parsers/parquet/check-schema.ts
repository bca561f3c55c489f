import type { SchemaElement } from "hyparquet"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { ParquetFault } from "./parquet-fault.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

/**
 * Walks a schema, which is a list of elements that say how many of those behind them are their children, before a tree is made of it: the tree
 * is made by recursion, with a path in each node.
 */
export function checkSchema(schema: readonly SchemaElement[], uri: string, bounds: ParquetBounds): void {
  /** Children that are still to come, from the root down, and the length of the path to them. */
  const open: { left: number; readonly pathLength: number }[] = []
  const origin = { uri }
  let pathLengths = 0
  for (const { num_children: children = 0, name } of schema) {
    while (open.at(-1)?.left === 0) open.pop()
    const above = open.at(-1)
    if (above !== undefined) above.left--
    const pathLength = (above?.pathLength ?? 0) + name.length
    pathLengths += pathLength
    if (children <= 0) continue
    open.push({ left: children, pathLength })
    // The root is no level of a column.
    if (open.length <= bounds.depth + 1) continue
    const [seen, limit] = [open.length - 1, bounds.depth]
    throw limitExceeded({ subject: "The table", unit: "levels of nesting", seen, limit, option: "limits.depth", origin })
  }
  if (open.some(({ left }) => left > 0)) throw new ParquetFault("its schema promises more columns than it has")
  // A long name of a group is in the names of all columns in it.
  if (pathLengths <= bounds.footerBytes) return
  const unit = "characters of dotted column names"
  throw limitExceeded({ subject: "The table", unit, seen: pathLengths, limit: bounds.footerBytes, option: "limits.footerBytes", origin })
}
