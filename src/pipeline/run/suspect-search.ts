import type { Plan } from "../../contract/plan.ts"
import type { Sink } from "../../contract/sink.ts"
import type { Dimension } from "../../model/dimension.ts"
import type { Scorecard } from "../../model/scorecard.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { detectThresholds as limits } from "../../profile/detect/detect-thresholds.ts"
import { RowSample } from "../../profile/detect/row-sample.ts"
import { suspectGroups } from "../../profile/detect/suspect-groups.ts"
import type { SuspectReason } from "../../profile/detect/suspicion.ts"
import { TableModel } from "../../profile/detect/table-model.ts"
import type { Ruleset } from "../../score/ruleset.ts"
import { withSuspects } from "../../score/with-suspects.ts"
import { suspectNotices } from "./suspect-notices.ts"

const dimensionOf: { readonly [R in SuspectReason]: Dimension } = {
  ...{ null: "completeness", empty: "completeness", type: "validity", format: "validity", space: "validity" },
  ...{ typo: "accuracy", rare: "accuracy", foreign: "accuracy", outlier: "accuracy", order: "accuracy" },
  ...{ duplicate: "uniqueness", variant: "consistency", dependency: "consistency", source: "consistency" },
}

/** Rows of several tables have positions of their own. No file has as many rows as this. */
const tableStep = 2 ** 32
/** The most cells of searched rows that are kept because they have lost points. */
const mostBooked = 100_000

/** What a delivery is searched with, beside its rows. */
export interface SearchedDelivery {
  readonly plan: Plan
  readonly sinks: readonly Pick<Sink<never>, "hides">[]
}

/** What a search has found. */
export interface FoundInDelivery {
  readonly notices: readonly TableNotice[]
  /** Adds what the suspect cells cost. */
  score(card: Scorecard): Scorecard
}

/**
 * Searches a delivery without a contract for cells that are probably wrong. It keeps a sample of the rows as the parser read them. The sample depends on the positions of
 * the rows only, so that each attempt to deliver the same bytes finds the same.
 */
export class SuspectSearch {
  readonly #sample = new RowSample({
    mostRows: limits.mostRowsOfRun,
    mostCells: limits.mostCellsOfRun,
    leastRows: limits.leastRowsOfRun,
  })
  /** Tables with the columns of the first one, by name. Rows of others would have empty cells in its columns. */
  readonly #tables = new Map<string, number>()
  #header: string | undefined
  /** Cells of rows of the sample that have lost points already. */
  readonly #booked = new Set<string>()
  readonly #expected: ReadonlySet<string>

  constructor({ expected }: Pick<Ruleset, "expected">) {
    this.#expected = new Set(expected)
  }

  /** Adds rows as the parser read them. */
  see(batch: TableBatch): void {
    if (batch.names.length > limits.mostColumnsOfRun) return
    const header = JSON.stringify(batch.table.header)
    this.#header ??= header
    if (header !== this.#header) return
    const table = this.#tables.get(batch.table.name) ?? this.#tables.size
    this.#tables.set(batch.table.name, table)
    this.#sample.add(batch, table * tableStep)
  }

  /** Notes which cells have lost points after all stages: those that a rule has found wrong, and texts that were read as null in a column that should be filled. */
  book(batch: TableBatch): void {
    const table = this.#tables.get(batch.table.name)
    if (table === undefined) return
    for (const row of batch.issues.rows()) {
      const rowNumber = table * tableStep + batch.origin(row).row
      if (this.#booked.size >= mostBooked || !this.#sample.has(rowNumber)) continue
      for (const { column, severity, code } of batch.issues.found(row)) {
        if (column === undefined) continue
        if (severity === "error" || (code === "cell.null" && this.#expected.has(column))) this.#booked.add(cellKey(rowNumber, column))
      }
    }
  }

  /** Searches the sample. Undefined if it has too few rows to say what is usual. */
  end({ plan, sinks }: SearchedDelivery): FoundInDelivery | undefined {
    const { length, seen } = this.#sample
    if (length < limits.fewCells) return undefined
    const model = new TableModel(this.#sample)
    const names = new Map([...this.#tables.keys()].flatMap((table) => plan.headers(table).map(([name, header]) => [header, name] as const)))
    const nameOf = (column: string) => names.get(column) ?? column
    const groups = suspectGroups(model.suspectsOfSample(limits.leastSuspicion))
      .map((group) => ({ ...group, cells: group.cells.filter(({ row, column }) => !this.#booked.has(cellKey(row, nameOf(column)))) }))
      .filter(({ cells }) => cells.length > 0)
    const hides = (column: string) => [column, nameOf(column)].some((name) => sinks.some((sink) => sink.hides?.(name, plan) === true))
    // A value of another column may be one that a sink hides.
    const hidesSome = model.names.some(hides)
    const reported = groups.map((group) => ({
      ...group,
      firstRow: (group.cells[0]?.row ?? 0) % tableStep,
      isHidden: group.reason === "foreign" ? hidesSome : hides(group.column),
    }))
    const sums = groups.map(({ column, reason, cells }) => ({
      column: nameOf(column),
      reason,
      dimension: dimensionOf[reason],
      cells: cells.length,
      suspicion: cells.reduce((sum, { suspicion }) => sum + suspicion, 0),
    }))
    return {
      notices: suspectNotices(reported, { searched: length, read: seen }),
      score: (card) => withSuspects(card, length, model.names.length, sums),
    }
  }
}

function cellKey(row: number, column: string): string {
  return `${row} ${column}`
}
