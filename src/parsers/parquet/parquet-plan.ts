import type { SchemaTree } from "hyparquet"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { type LeafType, leafType } from "./leaf-type.ts"
import { isOneValue, type NestedNode, nestedNode } from "./nested-node.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

/** A stored column, which is a leaf of the schema. */
export interface ParquetLeaf {
  readonly path: readonly string[]
  /** Schema nodes from the root to the leaf. */
  readonly nodes: readonly SchemaTree[]
  readonly type: LeafType
  readonly maxDefinition: number
  readonly maxRepetition: number
  /** Number of lists, maps and structs around a value of a repeated column, which is about the number of objects that it needs. */
  readonly weight: number
}

/** A column of the table: a stored one, or a list or map column that is assembled from several stored ones. */
export type ParquetPart =
  | { readonly kind: "leaf"; readonly path: readonly string[]; readonly leaves: readonly [ParquetLeaf] }
  | { readonly kind: "nested"; readonly path: readonly string[]; readonly leaves: readonly ParquetLeaf[]; readonly node: NestedNode }

/** Plans the columns of the table: the fields of structs with dotted names, and lists and maps as values. */
export function planColumns(root: SchemaTree, uri: string, bounds: ParquetBounds): ParquetPart[] {
  const parts: ParquetPart[] = []
  for (const node of root.children) {
    for (const { path } of leavesOf([root], node)) if (path.length > bounds.depth) throw tooDeep(path.length, bounds.depth, uri)
    addParts(parts, [root], node)
  }
  return parts
}

/** Descends only into structs. A list or map is one column. */
function addParts(parts: ParquetPart[], above: readonly SchemaTree[], tree: SchemaTree): void {
  if (isOneValue(tree)) {
    const levels = above.slice(1).filter(({ element }) => element.repetition_type !== "REQUIRED").length
    const node = nestedNode(tree, { definition: levels, repetition: 0, first: 0 })
    if (node !== undefined) parts.push({ kind: "nested", path: tree.path, leaves: leavesOf(above, tree), node })
    return
  }
  for (const child of tree.children) addParts(parts, [...above, tree], child)
  const [leaf] = tree.children.length === 0 ? leavesOf(above, tree) : []
  if (leaf !== undefined) parts.push({ kind: "leaf", path: tree.path, leaves: [leaf] })
}

function leavesOf(above: readonly SchemaTree[], node: SchemaTree): ParquetLeaf[] {
  const nodes = [...above, node]
  if (node.children.length > 0) return node.children.flatMap((child) => leavesOf(nodes, child))
  // A group without columns has nothing to read.
  if (node.element.type === undefined) return []
  const counted = (test: (repetition: string | undefined) => boolean) =>
    nodes.slice(1).filter(({ element }) => test(element.repetition_type)).length
  return [
    {
      path: node.path,
      nodes,
      type: leafType(node.element),
      maxDefinition: counted((repetition) => repetition !== "REQUIRED"),
      maxRepetition: counted((repetition) => repetition === "REPEATED"),
      weight: Math.max(1, counted((repetition) => repetition === "REPEATED") + nodes.slice(1).filter(isStruct).length),
    },
  ]
}

function isStruct({ element, children: [first, ...others] }: SchemaTree): boolean {
  if (first === undefined || element.repetition_type === "REPEATED") return false
  return others.length > 0 || first.element.repetition_type !== "REPEATED"
}

function tooDeep(seen: number, limit: number, uri: string) {
  return limitExceeded({ subject: "The table", unit: "levels of nesting", seen, limit, option: "limits.depth", origin: { uri } })
}
