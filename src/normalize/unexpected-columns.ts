import { matchHeaders } from "../binding/match-headers.ts"
import { nearestHeader } from "../binding/nearest-headers.ts"
import type { Context } from "../contract/context.ts"
import type { Plan } from "../contract/plan.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { UnexpectedColumnPolicy } from "../model/unexpected-column-policy.ts"
import { unexpectedRule } from "./unexpected-rule.ts"

/** How many unexpected columns an error names. */
const mostNamed = 20

/** Applies a policy to the columns that neither `normalize` nor the next schema names. */
export class UnexpectedColumns {
  readonly #policy: UnexpectedColumnPolicy
  readonly #declared: ReadonlySet<string>
  /** Columns that a later stage names. It finds their headers itself. */
  readonly #later: readonly string[]
  readonly #plan: Plan | undefined
  #table: string | undefined
  #names: readonly string[] = []
  #unexpected: readonly string[] = []
  readonly #issues = new Map<string, Issue>()

  constructor(policy: UnexpectedColumnPolicy, declared: readonly { readonly name: string }[], { headers = new Set(), plan }: Context) {
    this.#policy = policy
    this.#plan = plan
    this.#declared = new Set(declared.map(({ name }) => name))
    this.#later = [...headers].filter((name) => !this.#declared.has(name))
  }

  /** The batch without the columns that the policy leaves out. Its declared columns have their own names, and its blank cells are null. */
  apply(batch: TableBatch): TableBatch {
    const found = this.#find(batch)
    if (found.length === 0) return batch
    switch (this.#policy) {
      case "evolve":
        return batch.withTable({ ...batch.table, evolving: found })
      case "freeze":
        throw columnsUnexpected(found, [...this.#declared, ...this.#later], batch)
      case "discardColumn": {
        const discarded = found.map((column) => ({ column, cells: valuesIn(batch, column) }))
        return without(found, batch.withTable({ ...batch.table, discarded }))
      }
      case "rejectRow":
        for (const column of found) this.#reject(column, batch)
        return without(found, batch)
    }
  }

  #find(batch: TableBatch): readonly string[] {
    const { names } = batch
    if (names.length !== this.#names.length || names.some((name, at) => name !== this.#names[at])) {
      const others = names.filter((name) => !this.#declared.has(name))
      const later = this.#later.map((name) => ({ name, aliases: [] }))
      const expected = new Set(matchHeaders(later, others).values())
      const unexpected = others.filter((name) => !expected.has(name) && !(batch.column(name) instanceof MissingColumn))
      // The parser has marked the row in which the column came. If it is read again, the column is there from the start.
      if (batch.table.name === this.#table && unexpected.some((name) => !this.#names.includes(name))) this.#plan?.contradict()
      this.#table = batch.table.name
      this.#names = names
      this.#unexpected = unexpected
    }
    return this.#unexpected
  }

  #reject(name: string, batch: TableBatch): void {
    const column = batch.column(name)
    if (column === undefined || column.nulls.count === column.length) return
    const issue = this.#issues.get(name) ?? unexpectedIssue(name)
    this.#issues.set(name, issue)
    for (let row = 0; row < column.length; row++) if (!column.nulls.has(row)) batch.mark(row, issue)
  }
}

function valuesIn(batch: TableBatch, name: string): number {
  const column = batch.column(name)
  return column === undefined ? 0 : column.length - column.nulls.count
}

function without(left: readonly string[], batch: TableBatch): TableBatch {
  const gone = new Set(left)
  const { names, columns, absent } = batch.shape
  const kept = names.flatMap((name, at) => (gone.has(name) ? [] : [at]))
  return batch.withShape({ names: at(names, kept), columns: at(columns, kept), absent })
}

function at<V>(values: readonly V[], places: readonly number[]): readonly V[] {
  return places.flatMap((place) => values.slice(place, place + 1))
}

function unexpectedIssue(column: string): Issue {
  return {
    code: "column.unexpected",
    message: `The row has a value in the column "${shownText(column)}", which is not declared.`,
    rule: unexpectedRule.name,
    dimension: unexpectedRule.dimension,
    column,
    severity: "error",
    confidence: 1,
  }
}

function columnsUnexpected(unexpected: readonly string[], declared: readonly string[], { table }: TableBatch): RowgateError {
  const named = unexpected.slice(0, mostNamed).map((column) => {
    const nearest = nearestHeader([column], declared)
    const nearby =
      nearest === undefined ? "" : ` (nearest declared column: "${nearest.header}", ${Math.round(100 * nearest.likeness)} % alike)`
    return `"${shownText(column)}"${nearby}`
  })
  const rest = unexpected.length > named.length ? ` and ${unexpected.length - named.length} more` : ""
  return new RowgateError({
    code: "COLUMN_UNEXPECTED",
    message: `The table "${shownText(table.name)}" has columns that the contract does not name: ${named.join(", ")}${rest}.`,
    remedy: "Name them in normalize({ headers: ... }) or in the schema, or set another `unexpected`.",
    origin: { table: table.name, column: unexpected[0] },
  })
}
