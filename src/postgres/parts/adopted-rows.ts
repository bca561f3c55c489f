import type { StagedParts } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { Issue } from "../../model/issue.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { Connection } from "../connection/database.ts"
import { ordinal } from "../stage/typed-stage.ts"
import { partOrdinals, stagingTableSql } from "./staging-table.ts"

/** A row and the batch that it is in. */
export interface RowSource {
  readonly batch: TableBatch<unknown>
  readonly row: number
}

/** The staged rows of all parts of a delivery, and the sources of each of them. */
export class AdoptedRows {
  /** The staging table, as SQL. */
  readonly table: string
  readonly columns: readonly string[]
  readonly specs: readonly ColumnSpec[]
  readonly rows: number
  /** Whether a key may be repeated within a part. Keys may also be repeated in different parts. */
  readonly repeats: boolean
  readonly #connection: Connection
  readonly #delivery: string
  readonly #parts: StagedParts

  private constructor(connection: Connection, delivery: string, parts: StagedParts, staging: Staging, rows: number, repeats: boolean) {
    this.#connection = connection
    this.#delivery = delivery
    this.#parts = parts
    this.table = staging.table
    this.columns = staging.columns
    this.specs = staging.specs
    this.rows = rows
    this.repeats = repeats
  }

  /**
   * Finds what was staged for a delivery, in the transaction of its load, and keeps others from staging it again. Undefined if no part has a passing row.
   * Throws `PARTS_INCOMPLETE`.
   */
  static async of(
    connection: Connection,
    { id, uri }: { readonly id: string; readonly uri: string },
    parts: StagedParts,
  ): Promise<AdoptedRows | undefined> {
    const incomplete = (why: string) => partsIncomplete(uri, why)
    const { rows: found } = await connection.query(
      "SELECT table_name, columns::text AS columns, specs::text AS specs FROM rowgate.staging WHERE delivery = $1 FOR UPDATE",
      [id],
    )
    const { rows } = await connection.query(
      `SELECT part, status, rows::float8 AS rows, refused::float8 AS refused, repeats FROM rowgate.part WHERE delivery = $1 ORDER BY part FOR UPDATE`,
      [id],
    )
    const counts = new Map(rows.map((row) => [Number(row["part"]), row]))
    for (let part = 0; part < parts.count; part++) {
      const row = counts.get(part)
      if (row?.["status"] !== "staged") throw incomplete(`the part ${part} is not staged`)
      const [staged, passing] = [Number(row["rows"]) + Number(row["refused"]), parts.passing(part)]
      if (staged !== passing) throw incomplete(`the part ${part} was staged with ${staged} rows, but should have ${passing}`)
    }
    if (counts.size > parts.count) throw incomplete(`${counts.size} parts are staged, but there should be ${parts.count}`)
    const staging = stagingOf(found[0])
    if (staging === undefined) return undefined
    await checkRows(connection, staging.table, counts, incomplete)
    const total = rows.reduce((sum, row) => sum + Number(row["rows"]), 0)
    const repeats = rows.some((row) => row["repeats"] === true)
    return new AdoptedRows(connection, id, parts, staging, total, repeats)
  }

  /** The source of a staged row. */
  source(ordinal: number): Promise<RowSource> {
    return this.#sourceOf(Math.floor(ordinal / partOrdinals), ordinal % partOrdinals)
  }

  /** The rows that were refused while they were staged, in their order. */
  async *refused(): AsyncGenerator<RowSource & { readonly issues: readonly Issue[] }, void, undefined> {
    for (let after: readonly unknown[] = [-1, -1]; ; ) {
      const { rows } = await this.#connection.query(
        `SELECT part, row_number::float8 AS row, issues::text AS issues FROM rowgate.part_refusal
         WHERE delivery = $1 AND (part, row_number) > ($2::int, $3::bigint) ORDER BY part, row_number LIMIT ${pageRows}`,
        [this.#delivery, ...after],
      )
      for (const { part, row, issues } of rows)
        yield { ...(await this.#sourceOf(Number(part), Number(row))), issues: JSON.parse(String(issues)) }
      const last = rows.at(-1)
      if (last === undefined) return
      after = [last["part"], last["row"]]
    }
  }

  async #sourceOf(part: number, row: number): Promise<RowSource> {
    const source = await this.#parts.rowAt(part, row)
    return { batch: TableBatch.from(source.batch), row: source.row }
  }
}

const pageRows = 1000

interface Staging {
  readonly table: string
  readonly columns: readonly string[]
  readonly specs: readonly ColumnSpec[]
}

function stagingOf(row: { readonly [column: string]: unknown } | undefined): Staging | undefined {
  if (typeof row?.["table_name"] !== "string") return undefined
  return {
    table: stagingTableSql(row["table_name"]),
    columns: JSON.parse(String(row["columns"])),
    specs: JSON.parse(String(row["specs"])),
  }
}

/** The rows and their number were committed together, but somebody may have changed the table. */
async function checkRows(
  connection: Connection,
  table: string,
  counts: ReadonlyMap<number, { readonly [column: string]: unknown }>,
  incomplete: (why: string) => RowgateError,
): Promise<void> {
  const { rows: there } = await connection.query("SELECT to_regclass($1) IS NOT NULL AS there", [table])
  if (there[0]?.["there"] !== true) throw incomplete("the staging table is gone")
  const { rows } = await connection.query(
    `SELECT (${ordinal} / ${partOrdinals})::int AS part, count(*)::float8 AS rows FROM ${table} GROUP BY 1 ORDER BY 1`,
  )
  const found = new Map(rows.map((row) => [Number(row["part"]), Number(row["rows"])]))
  for (const part of new Set([...counts.keys(), ...found.keys()])) {
    const [has, should] = [found.get(part) ?? 0, Number(counts.get(part)?.["rows"] ?? 0)]
    if (has !== should) throw incomplete(`the staging table has ${has} rows of the part ${part}, but ${should} were staged`)
  }
}

function partsIncomplete(uri: string, why: string): RowgateError {
  return new RowgateError({
    code: "PARTS_INCOMPLETE",
    message: `The delivery of ${uri} cannot be loaded: ${why}. Nothing was loaded.`,
    remedy: "Stage the parts again, and then load them.",
    retryable: true,
    origin: { uri },
  })
}
