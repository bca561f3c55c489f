import type { Connection } from "../connection/database.ts"
import { identifier } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { Placement } from "../target/layout.ts"
import type { TargetTable } from "../target/target-table.ts"

/** The ordinal column of a staging table. The name does not collide with columns of users. */
export const ordinal = "_rowgate_ordinal"

/** Options of a staging table. */
export interface TypedStageOptions {
  /** Whether the staging table refuses nulls and violated CHECKs like the target. Here the line of the row is known. */
  readonly constraints: boolean
}

/** A table like the target, temporary unless parts of a delivery are staged in it, with its pending changes and an ordinal for each row. It has no index, so COPY into it is fast. */
export class TypedStage {
  readonly table: string
  readonly target: TargetTable
  readonly columns: readonly string[]
  readonly #connection: Connection

  private constructor(connection: Connection, table: string, target: TargetTable, placed: readonly Placement[]) {
    this.#connection = connection
    this.table = table
    this.target = target
    this.columns = placed.map(({ target }) => target.name)
  }

  /** A table like the target that exists and has ordinals. */
  static of(connection: Connection, table: string, target: TargetTable, placed: readonly Placement[]): TypedStage {
    return new TypedStage(connection, table, target, placed)
  }

  static async create(
    connection: Connection,
    target: TargetTable,
    placed: readonly Placement[],
    { constraints }: TypedStageOptions,
  ): Promise<TypedStage> {
    const stage = new TypedStage(connection, temporaryName("stage"), target, placed)
    const like = `INCLUDING DEFAULTS INCLUDING GENERATED${constraints ? " INCLUDING CONSTRAINTS" : ""}`
    await connection.query(`CREATE TEMP TABLE ${stage.table} (LIKE ${target.sql} ${like}) ON COMMIT DROP`)
    if (target.changes.length > 0) await connection.query(`ALTER TABLE ${stage.table} ${target.changes.join(", ")}`)
    const filled = new Set(stage.columns)
    // Columns that the database fills (identity, triggers) are empty here.
    const free = [...target.columns.values()].filter(({ name, notNull }) => notNull && (!constraints || !filled.has(name)))
    for (const { name } of free) await connection.query(`ALTER TABLE ${stage.table} ALTER COLUMN ${identifier(name)} DROP NOT NULL`)
    await connection.query(`ALTER TABLE ${stage.table} ADD COLUMN ${ordinal} bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000)`)
    return stage
  }

  /** Drops its not-null constraints and CHECKs before rows are added that have not been checked. Joins find the violations. */
  async relax(checks: readonly string[]): Promise<void> {
    for (const name of checks) await this.#connection.query(`ALTER TABLE ${this.table} DROP CONSTRAINT IF EXISTS ${identifier(name)}`)
    for (const { name, notNull } of this.target.columns.values()) {
      if (notNull) await this.#connection.query(`ALTER TABLE ${this.table} ALTER COLUMN ${identifier(name)} DROP NOT NULL`)
    }
  }

  /** The column list as SQL, with a prefix for each name. */
  list(prefix = ""): string {
    return this.columns.map((column) => prefix + identifier(column)).join(", ")
  }

  async count(): Promise<number> {
    const { rows } = await this.#connection.query(`SELECT count(*)::text AS n FROM ${this.table}`)
    return Number(rows[0]?.["n"])
  }
}
