import assert from "node:assert/strict"
import type { Context } from "../contract/context.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batch } from "../model/batch.ts"
import { checkOptions } from "../options/check-options.ts"
import { callback, needed, text } from "../options/option-kinds.ts"
import type { ContractCase } from "./contract-case.ts"
import { contractContext } from "./contract-context.ts"
import { randomNumbers } from "./crash/random-numbers.ts"
import { inTime } from "./in-time.ts"
import type { ParserContractOptions, ParserExample } from "./parser-contract-options.ts"
import { WatchedFile, type WatchedFileOptions } from "./watched-file.ts"

/**
 * The promises of every parser, as cases that you can register with any test runner. Each case reads files that `example` makes.
 *
 * - Every row is read once and in order, however the bytes arrive.
 * - Batches have at most as many rows as requested, and every row knows where it comes from.
 * - Nothing is opened before the batches are iterated, and nothing stays open afterwards, whether they ended, were left, were aborted or failed.
 * - An error of the source is passed on.
 * - Damaged bytes become rows with issues, or a `RowgateError`.
 */
export function parserContract(options: ParserContractOptions): readonly ContractCase[] {
  checkOptions("parserContract()", options, { create: needed(callback()), example: needed(callback()), fileName: text() })
  const { create, example, fileName } = options
  const on = async (rows: number, work: (reading: Reading, given: ParserExample) => Promise<void>, options: WatchedFileOptions = {}) => {
    const given = await example(rows)
    const file = new WatchedFile(given.content, { name: fileName, ...options })
    await work({ file, batches: (context = {}) => create().parse(file, contractContext(context)) }, given)
  }
  return [
    ...[1, 2, 5_000].map((count) => ({
      name: `reads ${count === 1 ? "a single row" : `${count} rows`}, each once and in order`,
      run: () =>
        on(count, async (reading, { rows }) => {
          assert.deepEqual(await rowsOf(reading), rows)
        }),
    })),
    ...[1, 7, 1_000].map((chunkBytes) => ({
      name: `reads the same from chunks of ${chunkBytes === 1 ? "a single byte" : `${chunkBytes} bytes`}, with empty ones between`,
      run: () =>
        on(
          100,
          async (reading, { rows }) => {
            assert.deepEqual(await rowsOf(reading), rows)
          },
          { chunkBytes },
        ),
    })),
    {
      name: "reads the same if the memory of a batch is reused when the next one is requested",
      run: () =>
        on(500, async (reading, { rows }) => {
          assert.deepEqual(await rowsOf(reading, { batchRows: 16, reuse: true }), rows)
        }),
    },
    {
      name: "returns at most as many rows at once as requested",
      run: () =>
        on(500, async (reading, { rows }) => {
          const lengths: number[] = []
          for await (const batch of reading.batches({ batchRows: 16 })) lengths.push(batch.length)
          assert.ok(Math.max(...lengths) <= 16, `a batch has ${Math.max(...lengths)} rows, but at most 16 were requested`)
          assert.deepEqual(await rowsOf(reading, { batchRows: 16, batchBytes: 256 }), rows)
        }),
    },
    {
      name: "returns batches whose columns have a cell for every row",
      run: () =>
        on(100, async (reading) => {
          for await (const batch of reading.batches({ batchRows: 16 })) {
            const columns: ReadonlyMap<string, { readonly length: number }> = new Map(Object.entries(batch.columns))
            for (const name of batch.names)
              assert.equal(columns.get(name)?.length, batch.length, `the column ${name} has a different length`)
          }
        }),
    },
    {
      name: "gives the file and the place of every row",
      run: () =>
        on(100, async (reading) => {
          const last = new Map<string | undefined, number>()
          for await (const batch of reading.batches({ batchRows: 16 })) {
            for (let row = 0; row < batch.length; row++) {
              const origin = batch.origin(row)
              assert.equal(origin.uri, reading.file.uri)
              assert.ok(origin.version === undefined || origin.version === reading.file.version, "the version is not that of the file")
              assert.ok(Number.isInteger(origin.row) && origin.row > (last.get(origin.table) ?? 0), "rows are not in ascending order")
              last.set(origin.table, origin.row)
            }
          }
        }),
    },
    {
      name: "keeps the original cells of every row, under the names in the header",
      run: () =>
        on(100, async (reading) => {
          for await (const batch of reading.batches({ batchRows: 16 })) {
            for (let row = 0; row < batch.length; row++) {
              const names = Object.keys(batch.raw(row))
              assert.ok(names.length > 0, "a row has no raw cells")
              const strange = names.filter((name) => !batch.table.header.includes(name))
              assert.deepEqual(strange, [], "raw cells have names that are not in the header")
            }
          }
        }),
    },
    {
      name: "returns batches whose rows can be failed, filtered and changed, and still have their origins",
      run: () =>
        on(10, async (reading, { rows }) => {
          let seen = 0
          for await (const batch of reading.batches()) {
            if (batch.length === 0) continue
            const place = batch.origin(batch.length - 1)
            batch.fail(0, { code: "contract.failed", message: "a check said no" })
            assert.equal(batch.selection.size, batch.length - 1)
            assert.deepEqual([...batch.rows], rows.slice(seen + 1, seen + batch.length))
            const wider = batch.map((row) => ({ row })).withColumn("extra", () => 1)
            assert.deepEqual(
              [...wider.rows],
              rows.slice(seen + 1, seen + batch.length).map((row) => ({ row, extra: 1 })),
            )
            assert.equal(batch.filter(() => false).selection.size, 0)
            assert.deepEqual(wider.origin(batch.length - 1), place)
            seen += batch.length
          }
          assert.equal(seen, rows.length)
        }),
    },
    {
      name: "opens nothing before its batches are iterated, and leaves nothing open at their end",
      run: () =>
        on(100, async (reading) => {
          const batches = reading.batches()
          assert.equal(reading.file.opened, 0, "the file is opened before its batches are iterated")
          for await (const _ of batches);
          assert.equal(reading.file.open, 0, "the file is still open")
        }),
    },
    {
      name: "leaves nothing open if it is left in the middle of the file",
      run: () =>
        on(
          2_000,
          async (reading) => {
            const leave = async () => {
              for await (const _ of reading.batches({ batchRows: 16 })) break
            }
            await inTime("leaving a file", leave())
            assert.equal(reading.file.open, 0, "the file is still open")
          },
          { chunkBytes: 1_000 },
        ),
    },
    {
      name: "ends soon if the run is aborted, and leaves nothing open",
      run: () =>
        on(
          2_000,
          async (reading) => {
            const abort = new AbortController()
            let late = 0
            const walk = async () => {
              for await (const _ of reading.batches({ batchRows: 16, signal: abort.signal })) {
                if (abort.signal.aborted) late++
                abort.abort()
              }
            }
            await inTime(
              "the end of an aborted file",
              walk().catch(() => undefined),
            )
            assert.ok(late <= 1, `${late} batches come after the abort`)
            assert.equal(reading.file.open, 0, "the file is still open")
          },
          { chunkBytes: 1_000 },
        ),
    },
    ...[0, 0.5, 0.95].map((part) => ({
      name: `passes on an error of the source ${part === 0 ? "at the beginning" : part === 0.5 ? "in the middle" : "near the end"}, and leaves nothing open`,
      run: async () => {
        const { content } = await example(2_000)
        const error = new RowgateError({ code: "SOURCE_CHANGED", message: "The contract's file changed." })
        const broken = { at: Math.floor(part * Buffer.from(content).length), error }
        const read = async (reading: Reading) => {
          await assert.rejects(inTime("the end of a broken file", rowsOf(reading)), (thrown) => {
            assert.ok(thrown === error || (thrown instanceof Error && thrown.cause === error), `it throws ${String(thrown)}`)
            return true
          })
          assert.equal(reading.file.open, 0, "the file is still open")
        }
        await on(2_000, read, { chunkBytes: 1_000, broken })
      },
    })),
    {
      name: "reads damaged bytes as far as possible or throws a RowgateError, and leaves nothing open",
      run: async () => {
        const { content } = await example(50)
        for (const bytes of damaged(Buffer.from(content))) {
          const file = new WatchedFile(bytes, { name: fileName })
          await inTime("a damaged file", rowsOf({ file, batches: () => create().parse(file, contractContext()) })).catch(
            (thrown: unknown) => {
              const isOurs = thrown instanceof RowgateError || thrown instanceof assert.AssertionError
              assert.ok(isOurs, `the parser throws something other than a RowgateError: ${String(thrown)}`)
              if (thrown instanceof assert.AssertionError) throw thrown
            },
          )
          assert.equal(file.open, 0, "the file is still open")
        }
      },
    },
  ]
}

interface Reading {
  readonly file: WatchedFile
  batches(context?: Partial<Context>): AsyncIterable<Batch<unknown>>
}

async function rowsOf({ batches }: Reading, context?: Partial<Context>): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  for await (const batch of batches(context)) rows.push(...batch.rows)
  return rows
}

/** An empty file, the file cut off at several places, and the file with changed bytes. */
function* damaged(content: Buffer): Generator<Buffer> {
  const random = randomNumbers(content.length)
  yield Buffer.alloc(0)
  for (let cut = 1; cut < 16; cut++) yield content.subarray(0, Math.floor((content.length * cut) / 16))
  for (let round = 0; round < 16; round++) {
    const bytes = Buffer.from(content)
    for (let change = 0; change <= round; change++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    yield bytes
  }
}
