import { createHash } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import type { Parser } from "../../contract/parser.ts"
import type { Source, SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batches } from "../../model/batch.ts"
import { jsonText } from "../../model/json-text.ts"
import { toBatches } from "../../model/to-batches.ts"

/** Rows in memory as a source with one file. Its digest is that of the rows as ndjson, so equal rows are the same delivery. */
export function inMemory<T>(rows: Iterable<T> | AsyncIterable<T>): [source: Source, parser: Parser<T>] {
  return [
    {
      name: "rows",
      files: async function* () {
        yield new RowsFile(rows)
      },
    },
    { name: table, parse: (file, context) => batchesOf(rowsOf<T>(file), context) },
  ]
}

const table = "rows"

/** Notes columns that first appear in later batches, so that a second reading has them in every row. */
async function* batchesOf<T>(rows: AsyncIterable<T>, { plan, batchRows }: Context): Batches<T> {
  const keys = plan?.dialect(table)?.["keys"]
  const columns = Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : []
  let width: number | undefined
  for await (const batch of toBatches(rows, { batchRows, table, columns })) {
    const { header } = batch.table
    if (width !== undefined && header.length > width) plan?.note({ dialects: { [table]: { keys: header } } })
    width = header.length
    yield batch
  }
}

class RowsFile<T> implements SourceFile {
  readonly uri = "memory:rows"
  readonly #rows: Iterable<T> | AsyncIterable<T>
  readonly once: boolean
  #hash = createHash("sha256")

  constructor(rows: Iterable<T> | AsyncIterable<T>) {
    this.#rows = rows
    // A generator is its own iterator. Asynchronous iterables can seldom be read twice.
    const iterator: unknown = Symbol.iterator in rows ? rows[Symbol.iterator]() : rows
    this.once = iterator === rows
  }

  async *rows(): AsyncGenerator<T> {
    this.#hash = createHash("sha256")
    for await (const row of this.#rows) {
      this.#hash.update(`${jsonText(row)}\n`)
      yield row
    }
  }

  async sha256(): Promise<string> {
    return this.#hash.copy().digest("hex")
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for await (const row of this.#rows) yield Buffer.from(`${jsonText(row)}\n`)
  }
}

/** The file comes from `inMemory`, unless `run({ source })` passed another source. */
function rowsOf<T>(file: SourceFile): AsyncIterable<T> {
  if (file instanceof RowsFile) return file.rows()
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `A pipeline of rows in memory cannot read ${file.uri}.`,
    remedy: "Use .from(source) instead of .fromRows(...) to run it on files.",
  })
}
