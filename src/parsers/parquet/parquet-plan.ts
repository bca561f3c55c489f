import type { SchemaTree } from "hyparquet"
import { isListLike, isMapLike } from "hyparquet/src/schema.js"
import { limitExceeded } from "../zip/limit-exceeded.ts"
import { type LeafType, leafType } from "./leaf-type.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

/** A column as it is stored. */
export interface ParquetLeaf {
  readonly path: readonly string[]
  /** Schema nodes from the root to the leaf. */
  readonly nodes: readonly SchemaTree[]
  readonly type: LeafType
  readonly maxDefinition: number
  readonly maxRepetition: number
}

/** What is read together: a stored column that is one of the table, or those that a column of lists, maps or structs of them is put together from. */
export type ParquetPart =
  | { readonly kind: "leaf"; readonly leaf: ParquetLeaf }
  | {
      readonly kind: "assembled"
      readonly node: SchemaTree
      readonly leaves: readonly ParquetLeaf[]
      readonly columns: readonly AssembledColumn[]
    }

/** A column of the table that is found in the assembled values of a top-level one. */
export interface AssembledColumn {
  readonly path: readonly string[]
  /** Undefined for lists, maps and what is in them: JSON values. */
  readonly leaf: ParquetLeaf | undefined
}

/** How the schema's columns become those of a table: structs by dotted path, lists and maps as values. */
export function planColumns(root: SchemaTree, uri: string, bounds: ParquetBounds): ParquetPart[] {
  const parts: ParquetPart[] = []
  let count = 0
  for (const node of root.children) {
    const leaves = leavesOf([root], node)
    count += leaves.length
    for (const { path } of leaves)
      if (path.length > bounds.depth) throw exceeded("levels of nesting", path.length, bounds.depth, "limits.depth", uri)
    if (count > bounds.columns) throw exceeded("columns or more", count, bounds.columns, "limits.columns", uri)
    if (leaves.every(({ maxRepetition }) => maxRepetition === 0)) for (const leaf of leaves) parts.push({ kind: "leaf", leaf })
    else parts.push({ kind: "assembled", node, leaves, columns: assembledColumns(node, leaves) })
  }
  return parts
}

/** Names of the table's columns, before they are made unique. */
export function pathsOf(parts: readonly ParquetPart[]): string[] {
  return parts
    .flatMap((part) => (part.kind === "leaf" ? [part.leaf.path] : part.columns.map(({ path }) => path)))
    .map((path) => path.join("."))
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
    },
  ]
}

/** Goes down through structs only: what repeats is one value. */
function assembledColumns(node: SchemaTree, leaves: readonly ParquetLeaf[]): AssembledColumn[] {
  const isValue =
    node.element.repetition_type === "REPEATED" || isListLike(node) || isMapLike(node) || node.element.logical_type?.type === "VARIANT"
  if (isValue) return [{ path: node.path, leaf: undefined }]
  if (node.children.length === 0)
    return leaves.filter(({ path }) => path.join("\0") === node.path.join("\0")).map((leaf) => ({ path: node.path, leaf }))
  return node.children.flatMap((child) => assembledColumns(child, leaves))
}

function exceeded(unit: string, seen: number, limit: number, option: string, uri: string) {
  return limitExceeded({ subject: "The table", unit, seen, limit, option, origin: { uri } })
}
