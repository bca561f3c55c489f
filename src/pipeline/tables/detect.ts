import type { Source, SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { kind, list, number, text } from "../../options/option-kinds.ts"
import { shownType } from "../../options/shown-value.ts"
import { detectThresholds } from "../../profile/detect/detect-thresholds.ts"
import { RowSample } from "../../profile/detect/row-sample.ts"
import { columnsOfRuleset, type DetectRuleset, isRuleset, rulesetOf } from "../../profile/detect/ruleset.ts"
import type { Suspicion } from "../../profile/detect/suspicion.ts"
import { type FoundSuspect, TableModel } from "../../profile/detect/table-model.ts"
import { inputKind, type SourceInput, sourceOf } from "../build/source-of.ts"
import { abortable } from "../run/aborted.ts"
import { readContext } from "./read-context.ts"
import { type ReadTablesOptions, readTablesSpec, type Table, tablesOf } from "./read-tables.ts"
import { unknownColumns } from "./unknown-columns.ts"

/** Options of `detect`. Those of `readTables` choose the tables. */
export interface DetectOptions extends ReadTablesOptions {
  /** The least suspicion of a cell that is reported, 0 to 1. Default: 0.5, from which on a cell is more likely wrong than right. */
  readonly least?: number | undefined
  /** The columns whose cells are reported, by their names in the file. The others still help to judge them. Default: all columns. */
  readonly columns?: readonly string[] | undefined
  /** What is usual, from `learn`. Each table is judged by the table of the same position, or by the only one. Default: learnt from the file itself. */
  readonly ruleset?: DetectRuleset | undefined
}

/** A cell that may be wrong. */
export interface SuspectCell {
  /** The URI of its file. */
  readonly uri: string
  /** The name of its table. */
  readonly table: string
  /** The position of its row in the file, from 1, as in `Origin`: the header counts. */
  readonly row: number
  /** Its column, by the name in the file. */
  readonly column: string
  /** The cell as text, at most its first 200 characters; null if it is empty. */
  readonly value: string | null
  /** How likely the cell is wrong, 0 to 1: its reasons together. */
  readonly suspicion: number
  /** Why, the strongest reason first. */
  readonly reasons: readonly Suspicion[]
  /** What the cell should probably be, if a reason tells. */
  readonly expected?: string
}

/**
 * Finds cells that are probably wrong in a file, or in every file of a source, without rules and without labels. It learns from
 * the rows what is usual in each column and which columns determine others, and judges each cell by that. Of a table of more than 65,536 rows, or 2,000,000 cells, it
 * learns from a sample, and then reads the file once more. The same bytes give the same suspects.
 *
 * Throws what `readTables` throws, and `CONFIG_INVALID` if no table has one of `columns`, and for a larger table whose rows can be read only once.
 *
 * ```ts typecheck
 * import { detect } from "rowgate/profile"
 *
 * for await (const { row, column, value, suspicion, reasons } of detect("orders.csv"))
 *   console.log(row, column, value, suspicion, reasons[0]?.message)
 * ```
 */
export function detect(source: SourceInput, options: DetectOptions = {}): AsyncGenerator<SuspectCell, void, undefined> {
  checkArgument("detect()", source, inputKind())
  const ruleset = kind<DetectRuleset>("a ruleset of this version of rowgate, as learn() returns it", isRuleset, shownType)
  checkOptions("detect()", options, { ...readTablesSpec, least: number(0, 1), columns: list(text()), ruleset })
  return suspectCells(source, options)
}

/**
 * Learns from a file, or from the first file of a source, what is usual in each column and which columns determine others, for the option `ruleset` of `detect`. Use
 * a file that is known to be right. Throws what `readTables` throws.
 *
 * ```ts typecheck
 * import { detect, learn } from "rowgate/profile"
 *
 * const ruleset = await learn("orders-2024.csv")
 * for await (const { row, column, value } of detect("orders-2025.csv", { ruleset })) console.log(row, column, value)
 * ```
 */
export async function learn(source: SourceInput, options: ReadTablesOptions = {}): Promise<DetectRuleset> {
  checkArgument("learn()", source, inputKind())
  checkOptions("learn()", options, readTablesSpec)
  const context = readContext(options.signal, options.batchRows)
  for await (const file of abortable(sourceOf(source).files(context), context.signal)) {
    const samples: { readonly table: string; readonly sample: RowSample }[] = []
    for await (const table of tablesOf(only(file), options)) samples.push({ table: table.name, sample: await sampleOf(table) })
    return rulesetOf(samples)
  }
  return rulesetOf([])
}

async function sampleOf(table: Table): Promise<RowSample> {
  const sample = new RowSample()
  for await (const batch of table.batches()) sample.add(TableBatch.from(batch))
  return sample
}

async function* suspectCells(input: SourceInput, options: DetectOptions): AsyncGenerator<SuspectCell, void, undefined> {
  const source = sourceOf(input)
  const least = options.least ?? detectThresholds.leastSuspicion
  const context = readContext(options.signal, options.batchRows)
  const wanted = options.columns === undefined ? undefined : new Set(options.columns)
  const missing = new Set(options.columns)
  const known = options.ruleset && columnsOfRuleset(options.ruleset).map((columns) => new TableModel(columns))
  for await (const file of abortable(source.files(context), context.signal)) {
    const large = new Map<number, TableModel>()
    let position = 0
    for await (const table of tablesOf(only(file), options)) {
      for (const name of table.header) missing.delete(name)
      const model = known === undefined ? undefined : known.length === 1 ? known[0] : known[position]
      if (model !== undefined) yield* suspectsOfTable(table, model, least, wanted)
      else if (known === undefined) {
        const sample = await sampleOf(table)
        const own = new TableModel(sample)
        for (const name of own.names) missing.delete(name)
        if (sample.isWhole) yield* chosen(table, own.suspectsOfSample(least), wanted)
        else large.set(position, own)
      }
      position++
    }
    if (large.size > 0) yield* suspectsOfLarge(file, large, least, wanted, options)
  }
  if (missing.size > 0) throw unknownColumns([...missing])
}

/** The second pass: each cell of the tables that are larger than a sample. */
async function* suspectsOfLarge(
  file: SourceFile,
  models: ReadonlyMap<number, TableModel>,
  least: number,
  wanted: ReadonlySet<string> | undefined,
  options: ReadTablesOptions,
): AsyncGenerator<SuspectCell, void, undefined> {
  if (file.once === true) throw readOnce(file)
  let position = 0
  for await (const table of tablesOf(only(file), options)) {
    const model = models.get(position++)
    if (model !== undefined) yield* suspectsOfTable(table, model, least, wanted)
  }
}

async function* suspectsOfTable(
  table: Table,
  model: TableModel,
  least: number,
  wanted: ReadonlySet<string> | undefined,
): AsyncGenerator<SuspectCell, void, undefined> {
  for await (const batch of table.batches()) yield* chosen(table, model.suspectsOfBatch(TableBatch.from(batch), least), wanted)
}

function* chosen(table: Table, found: Iterable<FoundSuspect>, columns: ReadonlySet<string> | undefined): Generator<SuspectCell> {
  for (const each of found) if (columns?.has(each.column) !== false) yield suspectCell(table, each)
}

function suspectCell({ uri, name }: Table, { row, column, text, suspicion, reasons }: FoundSuspect): SuspectCell {
  const expected = reasons.find((reason) => reason.expected !== undefined)?.expected
  const value = text.trim() === "" ? null : text
  const rounded = reasons.map((reason) => ({ ...reason, weight: thousandths(reason.weight) }))
  const found = { uri, table: name, row, column, value, suspicion: thousandths(suspicion), reasons: rounded }
  return expected === undefined ? found : { ...found, expected }
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** A source of one file, which can be read again and again. */
function only(file: SourceFile): Source {
  return {
    name: file.uri,
    async *files() {
      yield file
    },
  }
}

function readOnce({ uri }: SourceFile): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `detect() reads a large table twice, but the rows of ${uri} can be read only once.`,
    remedy: "Write the rows to a file, and pass its path.",
    origin: { uri },
  })
}
