import type { Connection } from "../connection/database.ts"
import type { RowFault } from "../copy/row-faults.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { Placement } from "../target/layout.ts"
import { ordinal } from "./typed-stage.ts"

/** Faults of one staged row. */
export interface StagedFaults {
  readonly ordinal: number
  /** Its position among all rows of the stage, in the order of their ordinals, from 0. */
  readonly position: number
  readonly faults: readonly RowFault[]
}

/** A temporary table of faults, by the ordinal of the staged row. */
export class FaultTable {
  readonly table = temporaryName("fault")
  /** Whether it may contain faults. */
  hasFaults = false
  readonly #connection: Connection

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  static async create(connection: Connection): Promise<FaultTable> {
    const faults = new FaultTable(connection)
    await connection.query(
      `CREATE TEMP TABLE ${faults.table} (n bigint, code text, message text, constraint_name text, column_name text, raised boolean) ON COMMIT DROP`,
    )
    return faults
  }

  /** Adds the faults of a query with the columns n, code, message, constraint and column. Resolves with the number of new faults. */
  async add(select: string): Promise<number> {
    const known = `SELECT FROM ${this.table} f WHERE f.n = found.n AND f.code = found.code
      AND (f.constraint_name, f.column_name) IS NOT DISTINCT FROM (found.constraint_name, found.column_name)`
    // OFFSET hides the constant constraint from the planner, which would otherwise expect one row and read the table again for each further one.
    const unknown = this.hasFaults
      ? `SELECT * FROM (${select} OFFSET 0) AS found (n, code, message, constraint_name, column_name) WHERE NOT EXISTS (${known})`
      : select
    const { rowCount } = await this.#connection.query(`INSERT INTO ${this.table} ${unknown}`)
    this.hasFaults ||= rowCount > 0
    return rowCount
  }

  /** A condition that excludes staged rows `s` with faults. */
  get withoutFaults(): string {
    return this.hasFaults ? `NOT EXISTS (SELECT FROM ${this.table} f WHERE f.n = s.${ordinal})` : "true"
  }

  /**
   * Yields the rows with faults in the order of staging, so that each batch is read back only once. (A bare `n` would order by the selected text, which
   * took five times as long for a million rows.) `staged` is the staging table, `count` its ordinal column.
   */
  async *read(staged: string, count: string, placed: readonly Placement[]): AsyncGenerator<StagedFaults, void, undefined> {
    if (!this.hasFaults) return
    await this.#connection.query(
      `DECLARE rowgate_faults NO SCROLL CURSOR FOR
       SELECT n::text, position::text, faults::text FROM (
         SELECT ${count} AS n, row_number() OVER (ORDER BY ${count}) - 1 AS position FROM ${staged}) AS s
       JOIN (SELECT n, json_agg(json_build_array(code, message, constraint_name, column_name, raised)) AS faults FROM ${this.table} GROUP BY n) AS f
       USING (n) ORDER BY s.n`,
    )
    for (;;) {
      const { rows } = await this.#connection.query("FETCH 1000 FROM rowgate_faults")
      for (const { n, position, faults } of rows) {
        yield { ordinal: Number(n), position: Number(position), faults: faultsOf(String(faults), placed) }
      }
      if (rows.length === 0) break
    }
    await this.#connection.query("CLOSE rowgate_faults")
  }
}

function faultsOf(json: string, placed: readonly Placement[]): readonly RowFault[] {
  const faults: readonly (readonly [string, string, string | null, string | null, boolean | null])[] = JSON.parse(json)
  return faults.map(([state, message, constraint, column, raised]) => {
    const code = `postgres.${state}`
    if (raised === true) return { code, message, raised }
    return { code, message, constraint: constraint ?? undefined, column: placed.find(({ target }) => target.name === column)?.source }
  })
}
