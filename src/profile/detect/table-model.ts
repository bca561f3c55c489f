import type { TableBatch } from "../../model/table-batch.ts"
import { footerRows } from "../footer-rows.ts"
import { type ColumnJudge, columnJudge } from "./column-judge.ts"
import { pairsOf } from "./column-pairs.ts"
import { ColumnValues } from "./column-values.ts"
import { dependenciesOf } from "./dependencies.ts"
import { foreignJudge } from "./foreign-values.ts"
import { RowJudge } from "./row-judge.ts"
import { RowSample, type SampledColumn } from "./row-sample.ts"
import { shownTexts } from "./shown-texts.ts"
import { type Suspicion, suspicionOf } from "./suspicion.ts"
import { emptyCode } from "./text-codes.ts"
import { twinRows, twinSuspicion } from "./twin-rows.ts"
import { valueForm } from "./value-form.ts"

/** A cell that may be wrong. */
export interface FoundSuspect {
  /** The position of its row in the file. */
  readonly row: number
  readonly column: string
  /** The cell as text; "" if it is empty. */
  readonly text: string
  readonly suspicion: number
  /** The strongest reason first. */
  readonly reasons: readonly Suspicion[]
}

/** The cells of a column in some rows. */
interface Cells {
  readonly column: ColumnValues
  readonly judge: ColumnJudge
  /** The code of a cell's value in the sample; -1 if the sample does not have it. */
  readonly code: (row: number) => number
  readonly text: (row: number) => string
}

/** What a sample of rows says about the cells of its table. */
export class TableModel {
  readonly #sample: RowSample | undefined
  readonly #columns: readonly ColumnValues[]
  readonly #judges: readonly ColumnJudge[]
  readonly #rows: RowJudge

  /** Learns from a sample of the table, or from the columns of another one. */
  constructor(learnt: RowSample | readonly SampledColumn[]) {
    this.#sample = learnt instanceof RowSample ? learnt : undefined
    const sampled = learnt instanceof RowSample ? learnt.columns() : learnt
    this.#columns = sampled.map((each, at) => new ColumnValues(each, at))
    const foreign = foreignJudge(this.#columns)
    this.#judges = this.#columns.map((column) => columnJudge(column, foreign))
    const single = dependenciesOf(this.#columns)
    const { pairs, dependencies } = pairsOf(this.#columns, single)
    this.#rows = new RowJudge([...single, ...dependencies], this.#columns.length, pairs)
  }

  /** The names of its columns. */
  get names(): readonly string[] {
    return this.#columns.map(({ name }) => name)
  }

  /** The cells of the sample whose suspicion is at least `least`, by row and column. */
  *suspectsOfSample(least: number): Generator<FoundSuspect> {
    const sample = this.#sample
    if (sample === undefined) return
    const rows = Array.from({ length: sample.length }, (_, row) => row)
    const cells = this.#columns.map((column, at): Cells => {
      const { codes, values } = column
      return { column, judge: this.#judgeAt(at), code: (row) => codes[row] as number, text: (row) => values[codes[row] as number] ?? "" }
    })
    const twins = twinRows(this.#columns)
    const twinOf = (row: number) => {
      const found = twins.get(row)
      return found && { column: found.column, suspicion: twinSuspicion(found, sample.rowNumber(found.twin)) }
    }
    yield* this.#suspects(rows, rows.length, cells, (row) => sample.rowNumber(row), least, twinOf)
  }

  /** The same for the cells of a batch. */
  *suspectsOfBatch(batch: TableBatch, least: number): Generator<FoundSuspect> {
    const footer = footerRows(batch)
    const rows = [...batch.selection].filter((row) => !footer.has(row))
    const cells = this.#columns.flatMap((column, at): readonly Cells[] => {
      const given = batch.column(column.name)
      if (given === undefined) return []
      const text = shownTexts(given)
      return [{ column, judge: this.#judgeAt(at), code: (row) => column.codeOf(text(row)), text }]
    })
    yield* this.#suspects(rows, batch.length, cells, (row) => batch.origin(row).row, least)
  }

  *#suspects(
    rows: readonly number[],
    length: number,
    given: readonly Cells[],
    rowNumber: (row: number) => number,
    least: number,
    twinOf?: (row: number) => { readonly column: ColumnValues; readonly suspicion: Suspicion } | undefined,
  ): Generator<FoundSuspect> {
    const cells = given.map((each) => ({ ...each, order: orderOf(each, length), found: [] as Suspicion[] }))
    const codes = new Int32Array(this.#rows.places)
    const found = new Map<ColumnValues, Suspicion[]>(cells.map((cell) => [cell.column, cell.found]))
    const note = (column: ColumnValues, suspicion: Suspicion) => found.get(column)?.push(suspicion)
    for (const row of rows) {
      codes.fill(emptyCode)
      for (const { column, judge, code, text, order, found: own } of cells) {
        own.length = 0
        const known = code(row)
        codes[column.at] = known
        for (const each of known < 0 ? judge.other(text(row)) : judge.known(known)) own.push(each)
        const misplaced = order?.(row)
        if (misplaced !== undefined) own.push(misplaced)
      }
      this.#rows.judge(codes, note)
      const twin = twinOf?.(row)
      if (twin !== undefined) note(twin.column, twin.suspicion)
      for (const { column, text, found: own } of cells) {
        if (own.length === 0) continue
        const suspicion = suspicionOf(own)
        if (suspicion < least) continue
        const reasons = [...own].sort((one, other) => other.weight - one.weight)
        yield { row: rowNumber(row), column: column.name, text: text(row), suspicion, reasons }
      }
    }
  }

  #judgeAt(at: number): ColumnJudge {
    return this.#judges[at] as ColumnJudge
  }
}

/** Judges rows by their neighbours. The first and the last one have no two. */
function orderOf({ column, judge, code, text }: Cells, length: number): ((row: number) => Suspicion | undefined) | undefined {
  const { order } = judge
  if (order === undefined) return undefined
  const numbers = Float64Array.from({ length }, (_, row) => {
    const known = code(row)
    return (known < 0 ? valueForm(text(row)) : column.forms[known])?.number ?? Number.NaN
  })
  return (row) => order(numbers[row - 1] ?? Number.NaN, numbers[row] as number, numbers[row + 1] ?? Number.NaN)
}
