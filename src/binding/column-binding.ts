import type { Context } from "../contract/context.ts"
import { Plan } from "../contract/plan.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { TableFacts, TableNotice } from "../model/table-facts.ts"
import { columnsOfFile } from "./columns-of-file.ts"
import { matchHeaders, sameHeaders } from "./match-headers.ts"
import { isNearMiss, nearestHeaders, type ProposedHeader, proposedHeaders } from "./nearest-headers.ts"

/** A column that a contract declares. */
export interface DeclaredColumn {
  readonly name: string
  /** Headers that it may have, in addition to its own name. */
  readonly aliases: readonly string[]
  /** Whether a table without it is refused. */
  readonly required: boolean
}

/** A required column that no header matches. */
export interface LackingColumn extends DeclaredColumn {
  /** Which header may be it, for a message: empty, or a text in parentheses that begins with a space. */
  readonly hint: string
}

/** What `ColumnBinding` needs. */
export interface BindingOptions {
  readonly declared: readonly DeclaredColumn[]
  readonly context: Context
  /** Creates the error of a table that lacks required columns. `found` are the columns that its file has. */
  lacks(columns: readonly LackingColumn[], table: string, found: readonly string[]): RowgateError
  /** Whether to refuse a name that neither the table nor a schema has, as a typo. */
  readonly refuseTypos: boolean
}

/** For how many missing columns a message names headers that may be meant. */
const mostCompared = 20

/** Finds the declared columns in each table of a delivery and records the result in the plan. */
export class ColumnBinding {
  readonly #options: BindingOptions
  readonly #plan: Plan
  #table: TableFacts | undefined
  /** Notices about its columns. */
  #notices: readonly TableNotice[] = []
  /** The table's facts with these notices. */
  #facts: TableFacts | undefined
  #width = 0
  #headers = new Map<string, string>()
  /** Columns that later rows may still bring. */
  #awaited: readonly DeclaredColumn[] = []

  constructor(options: BindingOptions) {
    this.#options = options
    this.#plan = options.context.plan ?? new Plan()
  }

  /** The batch with the declared columns under their own names. */
  bind(batch: TableBatch): TableBatch {
    const isKnown = this.#table !== undefined && isSameTable(batch.table, this.#table)
    if (!isKnown || batch.names.length !== this.#width) this.#settle(batch)
    else if (batch.table !== this.#table) this.#keepTable(batch.table)
    this.#awaited = this.#awaited.filter((column) => this.#isMissing(column, batch))
    const nameOf = new Map([...this.#headers].map(([name, header]) => [header, name]))
    const names = batch.names.map((name) => nameOf.get(name) ?? name)
    const { columns, absent } = batch.shape
    const facts = this.#facts
    return (facts === undefined || facts === batch.table ? batch : batch.withTable(facts)).withShape({ names, columns, absent })
  }

  /** Whether the table has a column. */
  has(name: string): boolean {
    return this.#headers.has(name)
  }

  /** Called after the last batch. Columns that were awaited did not come. */
  end(batch: TableBatch | undefined): void {
    if (batch !== undefined) this.#refuse(this.#awaited, batch)
  }

  #settle(batch: TableBatch): void {
    const { declared } = this.#options
    const { table, names } = batch
    // Rows from JSON or from a program may bring a column only after thousands of rows. Columns that are already bound stay bound.
    const late = table.growing === true && table.name === this.#table?.name ? this.#headers : undefined
    const open = declared.filter(({ name }) => late?.has(name) !== true)
    const found = this.#find(open, batch, late)
    this.#headers = new Map([...(late ?? []), ...found])
    this.#width = names.length
    this.#record(open, table.name)
    if (late !== undefined && found.size > 0) this.#plan.contradict()
    const missing = declared.filter((column) => this.#isMissing(column, batch))
    this.#notices = missing.length === 0 ? [] : this.#missingNotices(missing, batch)
    this.#keepTable(table)
    if (table.growing === true) this.#awaited = missing
    else this.#refuse(missing, batch)
  }

  #keepTable(table: TableFacts): void {
    this.#table = table
    this.#facts = withNotices(table, this.#notices)
  }

  /** Uses the header in the plan if there is one, and otherwise matches names. */
  #find(open: readonly DeclaredColumn[], batch: TableBatch, late: ReadonlyMap<string, string> | undefined): Map<string, string> {
    const { table, names } = batch
    const free = new Set(names)
    for (const header of late?.values() ?? []) free.delete(header)
    const wanted = new Set(open.map(({ name }) => name))
    const found = new Map<string, string>()
    for (const [name, header] of this.#plan.headers(table.name)) {
      if (header === null || !wanted.has(name) || !free.delete(header)) continue
      found.set(name, header)
      wanted.delete(name)
    }
    const rest = open.filter(({ name }) => wanted.has(name))
    return new Map([
      ...found,
      ...matchHeaders(
        rest,
        names.filter((name) => free.has(name)),
      ),
    ])
  }

  /** A column under its own name is not recorded. */
  #record(open: readonly DeclaredColumn[], table: string): void {
    const known = new Set(this.#plan.headers(table).map((pair) => JSON.stringify(pair)))
    const found = open.map(({ name }) => [name, this.#headers.get(name) ?? null] as const)
    this.#plan.bindHeaders(
      table,
      found.filter((pair) => pair[0] !== pair[1] && !known.has(JSON.stringify(pair))),
    )
  }

  #isMissing({ name }: DeclaredColumn, batch: TableBatch): boolean {
    const header = this.#headers.get(name)
    return header === undefined || batch.column(header) instanceof MissingColumn
  }

  #refuse(missing: readonly DeclaredColumn[], batch: TableBatch): void {
    const required = missing.filter((column) => column.required)
    if (required.length > 0) {
      const hints = this.#hints(required, batch)
      const lacking = required.map((column) => ({ ...column, hint: hints.get(column.name) ?? "" }))
      throw this.#options.lacks(lacking, batch.table.name, columnsOfFile(batch, this.#plan))
    }
    const typo = missing.find((column) => this.#isTypo(column, batch.names))
    if (typo !== undefined) throw unknownColumn(typo, batch.table.name, columnsOfFile(batch, this.#plan))
  }

  /** With a schema, its properties are the only columns to read. Without one, only similarity tells a typo from a column that the file may lack. */
  #isTypo({ name, aliases }: DeclaredColumn, names: readonly string[]): boolean {
    const { context, refuseTypos } = this.#options
    if (!refuseTypos || names.length === 0) return false
    if (context.properties !== undefined) return !context.properties.has(name)
    const taken = new Set(this.#headers.values())
    return names.some((header) => !taken.has(header) && [name, ...aliases].some((each) => isNearMiss(each, header)))
  }

  #missingNotices(missing: readonly DeclaredColumn[], batch: TableBatch): readonly TableNotice[] {
    // If an earlier stage made the column from nothing, it has already reported it.
    const unfound = missing.filter(({ name }) => !this.#headers.has(name))
    const free = this.#freeHeaders(batch)
    const proposed = proposedHeaders(unfound.slice(0, mostCompared), free)
    const names = [...columnsOfFile(batch, this.#plan), ...leftOut(batch)]
    return unfound.map((column, at) => {
      const name = shownText(column.name)
      const same = at < mostCompared ? sameHeaders([column.name, ...column.aliases], free) : []
      const proposal = proposed.get(column.name)
      const nearest = at < mostCompared && proposal === undefined ? nearestHeaders([column.name, ...column.aliases], names) : []
      const message =
        same.length > 1
          ? `Several headers match the column "${name}", and none was taken: ${listed(same)}.`
          : proposal !== undefined
            ? `No header matches the column "${name}". The nearest header is ${likeText(proposal)}.`
            : `No header matches the column "${name}".${nearest.length === 0 ? "" : ` The nearest headers are ${listed(nearest)}.`}`
      return { code: "column.missing", message, column: column.name }
    })
  }

  /** Only a person can say whether a header means the column, so it is proposed and never taken. */
  #hints(missing: readonly DeclaredColumn[], batch: TableBatch): ReadonlyMap<string, string> {
    const free = this.#freeHeaders(batch)
    const compared = missing.slice(0, mostCompared)
    const proposed = proposedHeaders(compared, free)
    return new Map(
      compared.map(({ name, aliases }) => {
        const same = sameHeaders([name, ...aliases], free)
        const proposal = proposed.get(name)
        const hint =
          same.length > 1 ? ` (several headers match: ${listed(same)})` : proposal === undefined ? "" : ` (perhaps ${likeText(proposal)})`
        return [name, hint]
      }),
    )
  }

  /** The headers of the file that no column has, and that no later stage expects. */
  #freeHeaders(batch: TableBatch): readonly string[] {
    const taken = new Set(this.#headers.values())
    const present = batch.names.filter((name) => !taken.has(name) && !(batch.column(name) instanceof MissingColumn))
    const free = [...present, ...leftOut(batch)]
    const declared = new Set(this.#options.declared.map(({ name }) => name))
    const later = [...(this.#options.context.headers ?? [])].filter((name) => !declared.has(name))
    const expected = new Set(
      matchHeaders(
        later.map((name) => ({ name, aliases: [] })),
        free,
      ).values(),
    )
    const headers = new Map(this.#plan.headers(batch.table.name))
    return free.filter((name) => !expected.has(name)).map((name) => headers.get(name) ?? name)
  }
}

/** Headers that an earlier stage left out because nobody declares them. */
function leftOut({ table }: TableBatch): readonly string[] {
  return (table.discarded ?? []).map(({ column }) => column)
}

/** Batches of a table may have different facts, such as counts. */
function isSameTable(one: TableFacts, other: TableFacts): boolean {
  return one === other || (one.name === other.name && one.header === other.header && one.growing === other.growing)
}

function withNotices(table: TableFacts, notices: readonly TableNotice[]): TableFacts {
  return notices.length === 0 ? table : { ...table, notices: [...(table.notices ?? []), ...notices] }
}

function unknownColumn({ name }: DeclaredColumn, table: string, found: readonly string[]): RowgateError {
  const nearest = nearestHeaders([name], found)
  return new RowgateError({
    code: "COLUMN_MISSING",
    message: `normalize() names the column "${name}", which neither the table "${shownText(table)}" nor a schema has. The nearest headers are ${listed(nearest)}.`,
    remedy: `Correct the name, give its header in normalize({ headers: { ${name}: ... } }), or add it to the schema as optional.`,
    origin: { table, column: name },
  })
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${shownText(name)}"`).join(", ")
}

function likeText({ header, likeness }: ProposedHeader): string {
  return `"${shownText(header)}", ${Math.round(100 * likeness)} % alike`
}
