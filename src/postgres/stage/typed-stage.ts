import type { Connection } from "../connection/database.ts"
import { identifier } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { Placement } from "../target/layout.ts"
import type { TargetTable } from "../target/target-table.ts"

/** The column that counts the rows of a staging table. No table of a user has it. */
export const ordinal = "_rowgate_ordinal"

/** What a staging table demands by itself. */
export interface TypedStageOptions {
  /** Whether rows that the target would refuse for a null or a CHECK are refused here, where the line is known. */
  readonly constraints: boolean
}

/** A temporary table like the target, as it will be once it is changed, with the ordinal of each row. It has no index: COPY into it is as fast as COPY gets. */
export class TypedStage {
  readonly table: string
  readonly target: TargetTable
  readonly columns: readonly string[]
  readonly #connection: Connection

  private constructor(connection: Connection, target: TargetTable, placed: readonly Placement[]) {
    this.#connection = connection
    this.table = temporaryName("stage")
    this.target = target
    this.columns = placed.map(({ target }) => target.name)
  }

  static async create(
    connection: Connection,
    target: TargetTable,
    placed: readonly Placement[],
    { constraints }: TypedStageOptions,
  ): Promise<TypedStage> {
    const stage = new TypedStage(connection, target, placed)
    const like = `INCLUDING DEFAULTS INCLUDING GENERATED${constraints ? " INCLUDING CONSTRAINTS" : ""}`
    await connection.query(`CREATE TEMP TABLE ${stage.table} (LIKE ${target.sql} ${like}) ON COMMIT DROP`)
    if (target.changes.length > 0) await connection.query(`ALTER TABLE ${stage.table} ${target.changes.join(", ")}`)
    const filled = new Set(stage.columns)
    // Columns that the database fills itself (identity, triggers) are empty here.
    const free = [...target.columns.values()].filter(({ name, notNull }) => notNull && (!constraints || !filled.has(name)))
    for (const { name } of free) await connection.query(`ALTER TABLE ${stage.table} ALTER COLUMN ${identifier(name)} DROP NOT NULL`)
    await connection.query(`ALTER TABLE ${stage.table} ADD COLUMN ${ordinal} bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000)`)
    return stage
  }

  /** Leaves nulls and CHECKs to be looked for by joins: rows come that nobody has tried yet. */
  async relax(checks: readonly string[]): Promise<void> {
    for (const name of checks) await this.#connection.query(`ALTER TABLE ${this.table} DROP CONSTRAINT IF EXISTS ${identifier(name)}`)
    for (const { name, notNull } of this.target.columns.values()) {
      if (notNull) await this.#connection.query(`ALTER TABLE ${this.table} ALTER COLUMN ${identifier(name)} DROP NOT NULL`)
    }
  }

  /** Column names as SQL, each after a prefix. */
  list(prefix = ""): string {
    return this.columns.map((column) => prefix + identifier(column)).join(", ")
  }

  async count(): Promise<number> {
    const { rows } = await this.#connection.query(`SELECT count(*)::text AS n FROM ${this.table}`)
    return Number(rows[0]?.["n"])
  }
}
