import { RowIssues } from "./issue-table.ts"
import type { Origins } from "./origin.ts"
import type { RowShape } from "./row-view.ts"
import { RowSelection } from "./selection.ts"
import type { TableFacts } from "./table-facts.ts"
import { UnjudgedRows } from "./unjudged-rows.ts"

/** What all versions of a batch share: marks, issues, and the columns of the file. */
export interface BatchRoot {
  readonly length: number
  readonly table: TableFacts
  readonly origins: Origins
  readonly raw: RowShape
  readonly unread: ReadonlyMap<number, string> | undefined
  readonly owned: boolean
  readonly selection: RowSelection
  readonly issues: RowIssues
  readonly filtered: Set<number>
  /** Failed rows whose nulls say nothing, because a stage computed columns for passing rows only. */
  readonly distrusted: Set<number>
  readonly unjudged: UnjudgedRows
  quality: Float64Array | undefined
}

type RootParts = Pick<BatchRoot, "length" | "table" | "origins" | "raw" | "unread" | "owned"> & Marks
type Mark = "selection" | "issues" | "filtered" | "distrusted" | "unjudged" | "quality"
type Marks = { readonly [M in Mark]?: BatchRoot[M] | undefined }
type Changes = Marks & { readonly table?: TableFacts }

/** Copies field by field: a spread creates an object of a new shape each time, so that V8 compiles all code that reads batches again and again. */
export function newRoot(parts: RootParts, changes: Changes = parts): BatchRoot {
  return {
    length: parts.length,
    table: changes.table ?? parts.table,
    origins: parts.origins,
    raw: parts.raw,
    unread: parts.unread,
    owned: parts.owned,
    selection: changes.selection ?? parts.selection ?? new RowSelection(parts.length),
    issues: changes.issues ?? parts.issues ?? new RowIssues(),
    filtered: changes.filtered ?? parts.filtered ?? new Set(),
    distrusted: changes.distrusted ?? parts.distrusted ?? new Set(),
    unjudged: changes.unjudged ?? parts.unjudged ?? new UnjudgedRows(),
    quality: changes.quality ?? parts.quality,
  }
}
