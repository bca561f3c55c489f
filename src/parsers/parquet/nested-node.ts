import type { SchemaTree } from "hyparquet"
import { ParquetFault } from "./parquet-fault.ts"

/** A column of lists, maps or structs, or a part of one, with the levels that say whether it is there (parquet-format, Nested Encoding). */
export interface NestedNode {
  readonly name: string
  readonly shape: "value" | "struct" | "list" | "map"
  /** Whether it may be there any number of times; each time it is of its shape. */
  readonly repeats: boolean
  /** Definition level from which it is there: not null, or at least once. */
  readonly definition: number
  /** Repetition level of the second time and those after it. */
  readonly repetition: number
  /** Its stored columns: the first, and the one behind the last. */
  readonly first: number
  readonly end: number
  /** Fields of a struct; the one part of a list, the two of a map. */
  readonly children: readonly NestedNode[]
  /** Of a list whose repeated part is a group around each value: that value. */
  readonly wrapped: NestedNode | undefined
}

/** What stands around a node: the levels above it, and the stored columns before it. */
export interface NestedPlace {
  readonly definition: number
  readonly repetition: number
  readonly first: number
}

/** The plan of a node of the schema; undefined where nothing is stored of it. */
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
    if (names.has(node.name)) throw new ParquetFault(`a struct of two fields named ${node.name}`, true)
    names.add(node.name)
    children.push(node)
    end = node.end
  }
  if (children.length === 0) return undefined
  const shape = shapeOf(tree, children)
  return { ...self, shape, end, children, wrapped: shape === "list" ? wrappedIn(element.name, children[0]) : undefined }
}

/** Whether a node is one value of the table: anything but a struct, whose fields are columns of their own. */
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

/** A group by its annotation, where what it holds is as the annotation wants it: writers annotate freely. */
function shapeOf({ element, children: [child] }: SchemaTree, children: readonly Pick<NestedNode, "repeats">[]): NestedNode["shape"] {
  if (element.logical_type?.type === "VARIANT") throw new ParquetFault(`a column ${element.name} of the type VARIANT`, true)
  if (children.length !== 1 || children[0]?.repeats !== true) return "struct"
  const isMap = element.converted_type === "MAP" || element.converted_type === "MAP_KEY_VALUE" || element.logical_type?.type === "MAP"
  const entry = child?.children.map(({ element: { repetition_type: repetition } }) => repetition) ?? []
  if (isMap && entry.length === 2 && !entry.includes("REPEATED")) return "map"
  return isMap || element.converted_type === "LIST" || element.logical_type?.type === "LIST" ? "list" : "struct"
}

/**
 * The value of a list whose repeated part is the group that writers put around each; undefined where it is the value itself (parquet-format, LogicalTypes.md,
 * backward-compatibility rules of lists).
 */
function wrappedIn(list: string, repeated: NestedNode | undefined): NestedNode | undefined {
  const [only, ...others] = repeated?.children ?? []
  if (repeated === undefined || only === undefined || others.length > 0 || only.repeats || repeated.shape !== "struct") return undefined
  return repeated.name !== "array" && repeated.name !== `${list}_tuple` ? only : undefined
}
