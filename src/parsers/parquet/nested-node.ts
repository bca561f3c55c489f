import type { SchemaTree } from "hyparquet"
import { ParquetFault } from "./parquet-fault.ts"

/** A list, map or struct column or a node inside one, with the levels that say whether it is present (parquet-format, Nested Encoding). */
export interface NestedNode {
  readonly name: string
  readonly shape: "value" | "struct" | "list" | "map"
  /** Whether the node is repeated. Each repetition has this shape. */
  readonly repeats: boolean
  /** The definition level from which the node is present: not null, or at least once. */
  readonly definition: number
  /** The repetition level of its second and later repetitions. */
  readonly repetition: number
  /** The index of its first stored column, and the index after its last one. */
  readonly first: number
  readonly end: number
  /** The fields of a struct, or the repeated child of a list or map. */
  readonly children: readonly NestedNode[]
  /** For a list whose repeated child is a group around each value: the value inside it. */
  readonly wrapped: NestedNode | undefined
}

/** The levels above a node, and the number of stored columns before it. */
export interface NestedPlace {
  readonly definition: number
  readonly repetition: number
  readonly first: number
}

/** Plans a node of the schema. Returns undefined if no column of it is stored. */
export function nestedNode(tree: SchemaTree, above: NestedPlace): NestedNode | undefined {
  const { element } = tree
  const repeats = element.repetition_type === "REPEATED"
  const definition = above.definition + (element.repetition_type === "REQUIRED" ? 0 : 1)
  const repetition = above.repetition + (repeats ? 1 : 0)
  const self = { name: element.name, repeats, definition, repetition, first: above.first }
  if (tree.children.length === 0)
    return element.type === undefined ? undefined : { ...self, shape: "value", end: above.first + 1, children: [], wrapped: undefined }
  const children: NestedNode[] = []
  const names = new Set<string>()
  let end = above.first
  for (const child of tree.children) {
    const node = nestedNode(child, { definition, repetition, first: end })
    if (node === undefined) continue
    if (names.has(node.name)) throw new ParquetFault(`a struct with two fields named ${node.name}`, true)
    names.add(node.name)
    children.push(node)
    end = node.end
  }
  if (children.length === 0) return undefined
  const shape = shapeOf(tree, children)
  return { ...self, shape, end, children, wrapped: shape === "list" ? wrappedIn(element.name, children[0]) : undefined }
}

/** Whether a node becomes one column of values. Only the fields of a struct, and plain columns, become separate columns. */
export function isOneValue(tree: SchemaTree): boolean {
  if (tree.element.repetition_type === "REPEATED") return true
  if (tree.children.length === 0) return false
  return (
    shapeOf(
      tree,
      tree.children.map(({ element }) => ({ repeats: element.repetition_type === "REPEATED" })),
    ) !== "struct"
  )
}

/** The shape of a group. Some writers annotate groups wrongly, so an annotation counts only if the children fit it. */
function shapeOf({ element, children: [child] }: SchemaTree, children: readonly Pick<NestedNode, "repeats">[]): NestedNode["shape"] {
  if (element.logical_type?.type === "VARIANT") throw new ParquetFault(`a column ${element.name} of the type VARIANT`, true)
  if (children.length !== 1 || children[0]?.repeats !== true) return "struct"
  const isMap = element.converted_type === "MAP" || element.converted_type === "MAP_KEY_VALUE" || element.logical_type?.type === "MAP"
  const entry = child?.children.map(({ element: { repetition_type: repetition } }) => repetition) ?? []
  if (isMap && entry.length === 2 && !entry.includes("REPEATED")) return "map"
  return isMap || element.converted_type === "LIST" || element.logical_type?.type === "LIST" ? "list" : "struct"
}

/**
 * The value inside the group that writers put around each value of a list. Undefined if the repeated child is the value itself (parquet-format,
 * LogicalTypes.md, backward-compatibility rules of lists).
 */
function wrappedIn(list: string, repeated: NestedNode | undefined): NestedNode | undefined {
  const [only, ...others] = repeated?.children ?? []
  if (repeated === undefined || only === undefined || others.length > 0 || only.repeats || repeated.shape !== "struct") return undefined
  return repeated.name !== "array" && repeated.name !== `${list}_tuple` ? only : undefined
}
