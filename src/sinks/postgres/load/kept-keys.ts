import type { TableBatch } from "../../../model/table-batch.ts"
import type { Connection } from "../database.ts"
import { Unwritable, valueText } from "../encode/value-text.ts"
import { identifier } from "../names.ts"
import { faultOf, isRowFault } from "../sink-error.ts"
import type { Placement } from "../target/layout.ts"
import { temporaryName } from "./typed-stage.ts"

/**
 * Keys of rows that the file has and that were set aside: what they stand for in the target must not be taken for missing.
 * A row whose key cannot be read may stand for any of them, so that nothing can be called missing then.
 */
export class KeptKeys {
  readonly #placed: readonly Placement[]
  readonly #columns: readonly string[][]
  #unreadable = 0

  /** The key's columns. */
  constructor(placed: readonly Placement[]) {
    this.#placed = placed
    this.#columns = placed.map(() => [])
  }

  /** Rows whose key could not be read. */
  get unreadable(): number {
    return this.#unreadable
  }

  /** A row of which nothing is at hand any more. */
  addUnknown(): void {
    this.#unreadable++
  }

  add(batch: TableBatch<unknown>, row: number): void {
    const texts: string[] = []
    for (const { source, target } of this.#placed) {
      const value = batch.column(source)?.at(row)
      const text = value === null || value === undefined ? undefined : valueText(value, target.format)
      if (text === undefined || text instanceof Unwritable) {
        this.#unreadable++
        return
      }
      texts.push(text)
    }
    for (const [j, text] of texts.entries()) this.#columns[j]?.push(text)
  }

  /** A temporary table of the keys, under the names of the target; undefined where there are none. */
  async store(connection: Connection): Promise<string | undefined> {
    const count = this.#columns[0]?.length ?? 0
    if (count === 0 || this.#unreadable > 0) return undefined
    const table = temporaryName("kept")
    const values = this.#placed.map(({ target }, j) => `k${j + 1}::${target.type} AS ${identifier(target.name)}`).join(", ")
    const arrays = this.#placed.map((_, j) => `$${j + 1}::text[]`).join(", ")
    const names = this.#placed.map((_, j) => `k${j + 1}`).join(", ")
    await connection.query("SAVEPOINT rowgate_keys")
    try {
      await connection.query(
        `CREATE TEMP TABLE ${table} ON COMMIT DROP AS SELECT ${this.#placed.map(({ target }) => `NULL::${target.type} AS ${identifier(target.name)}`).join(", ")} LIMIT 0`,
      )
      await connection.query(`INSERT INTO ${table} SELECT ${values} FROM unnest(${arrays}) AS u (${names})`, this.#columns)
    } catch (error) {
      if (!isRowFault(faultOf(error))) throw error
      await connection.query("ROLLBACK TO SAVEPOINT rowgate_keys")
      this.#unreadable += count
      return undefined
    } finally {
      await connection.query("RELEASE SAVEPOINT rowgate_keys").catch(() => undefined)
    }
    return table
  }
}
