import type { TableBatch } from "../../model/table-batch.ts"
import type { Connection } from "../connection/database.ts"
import { faultOf, isRowFault } from "../connection/sink-error.ts"
import { CopyLines } from "../copy/copy-lines.ts"
import { escapedText } from "../encode/byte-writer.ts"
import { Unwritable, valueText } from "../encode/value-text.ts"
import { identifier } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { Placement } from "../target/layout.ts"

/**
 * Keys of rejected rows. The file contains these rows, so their keys must not count as missing. A row whose key cannot be read may stand for any row of
 * the target, so then nothing counts as missing.
 */
export class KeptKeys implements AsyncDisposable {
  readonly #placed: readonly Placement[]
  readonly #lines = new CopyLines()
  #count = 0
  #unreadable = 0

  /** `placed` are the columns of the key. */
  constructor(placed: readonly Placement[]) {
    this.#placed = placed
  }

  /** How many rows had a key that could not be read. */
  get unreadable(): number {
    return this.#unreadable
  }

  /** Row columns of the key. */
  get columns(): readonly string[] {
    return this.#placed.map(({ source }) => source)
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
      texts.push(escapedText(text))
    }
    // Nothing will be removed, so no key has to be kept.
    if (this.#unreadable > 0) return
    this.#lines.add(`${texts.join("\t")}\n`)
    this.#count++
  }

  /** Moves what has piled up out of memory. Call it between batches. */
  spillIfFull(): Promise<void> {
    return this.#lines.spillIfFull()
  }

  /** Writes the keys into a temporary table with the column names of the target, and resolves with its name; undefined if there are none. */
  async store(connection: Connection): Promise<string | undefined> {
    if (this.#count === 0 || this.#unreadable > 0) return undefined
    const texts = temporaryName("kept_text")
    const table = temporaryName("kept")
    const columns = this.#placed.map((_, j) => `k${j + 1} text`).join(", ")
    const values = this.#placed.map(({ target }, j) => `k${j + 1}::${target.type} AS ${identifier(target.name)}`).join(", ")
    await connection.query(`CREATE TEMP TABLE ${texts} (${columns}) ON COMMIT DROP`)
    await connection.query("SAVEPOINT rowgate_keys")
    try {
      await this.#lines.copyInto(connection, texts)
      await connection.query(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS SELECT ${values} FROM ${texts}`)
      await connection.query(`ANALYZE ${table}`)
    } catch (error) {
      if (!isRowFault(faultOf(error))) throw error
      await connection.query("ROLLBACK TO SAVEPOINT rowgate_keys")
      this.#unreadable += this.#count
      return undefined
    } finally {
      await connection.query("RELEASE SAVEPOINT rowgate_keys").catch(() => undefined)
    }
    return table
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lines[Symbol.asyncDispose]()
  }
}
