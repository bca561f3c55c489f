import type { SchemaElement } from "hyparquet"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { ParquetFault } from "./parquet-fault.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

/**
 * Checks the depth and the names of a schema before it is made into a tree, because that is recursive and stores a path in each node. A schema is a
 * list: each element states how many of the following elements are its children.
 */
export function checkSchema(schema: readonly SchemaElement[], uri: string, bounds: ParquetBounds): void {
  /** The number of children left in each open element, from the root down, and the length of the path to them. */
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
    // The root does not count as a level.
    if (open.length <= bounds.depth + 1) continue
    const [seen, limit] = [open.length - 1, bounds.depth]
    throw limitExceeded({ subject: "The table", unit: "levels of nesting", seen, limit, option: "limits.depth", origin })
  }
  if (open.some(({ left }) => left > 0)) throw new ParquetFault("its schema states more columns than it has")
  // The long name of a group is repeated in the names of all its columns.
  if (pathLengths <= bounds.footerBytes) return
  const unit = "characters of dotted column names"
  throw limitExceeded({ subject: "The table", unit, seen: pathLengths, limit: bounds.footerBytes, option: "limits.footerBytes", origin })
}
