import { describe, expect, test } from "vitest"
import { bytes, createPipeline, memory, RowgateError, readTables, type Sink } from "../../src/index.ts"
import { defined } from "../../src/options/defined.ts"
import { pglite } from "../../src/postgres/pglite/pglite.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const rows = createPipeline({ name: "rows" }).from(bytes("a,b\n1,\n2,x\n"))

/** A sink whose commits all fail with an error that may go away, and their count. */
function unreachable(): { readonly sink: Sink<unknown>; readonly tries: () => number } {
  const kept = memory<unknown>()
  let tries = 0
  const sink: Sink<unknown> = {
    ...kept,
    async open(context, delivery) {
      const session = await kept.open(context, delivery)
      return {
        write: (batch) => session.write(batch),
        async commit() {
          tries++
          throw new RowgateError({ code: "LEASE_LOST", message: "lost", retryable: true })
        },
        [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
      }
    },
  }
  return { sink, tries: () => tries }
}

/** The share of validity in all weights, if the run says 100 for validity and for completeness and 0 for the others. */
async function shareOfValidity(validity: number | undefined): Promise<number | undefined> {
  const others = { accuracy: 0, consistency: 0, timeliness: 0, uniqueness: 0, completeness: 100 }
  const report = await rows
    .score({ weights: { validity } })
    .into(memory())
    .run({ weights: { ...others, validity: 100 } })
  return report.deliveries[0]?.score?.dimensions.validity?.weight
}

describe("an option that is undefined overrides nothing", () => {
  test("a weight of the run counts if that of the pipeline is undefined", async () => {
    expect(await shareOfValidity(undefined)).toBe(0.5)
    expect(await shareOfValidity(300)).toBe(0.75)
  })

  test("the attempts of the pipeline count if those of the run are undefined", async () => {
    const { sink, tries } = unreachable()
    const pipeline = createPipeline({ name: "rows", retry: { attempts: 2, delayMs: 1 } }).from(bytes("a\n1\n"))
    const run = pipeline.into(sink).run({ retry: { attempts: undefined, delayMs: undefined } })
    await expect(run).rejects.toMatchObject({ code: "LEASE_LOST" })
    expect(tries()).toBe(2)
  })

  test("an embedded database creates its ledger if `migrate` is undefined", async () => {
    const { PGlite } = await import("@electric-sql/pglite")
    const db = new PGlite()
    await rows.into(pglite({ db, table: "rows", createTable: true, migrate: undefined })).run()
    expect((await db.query("SELECT status FROM rowgate.run")).rows).toEqual([{ status: "committed" }])
    await db.close()
  })

  test("a row column keeps its header if the header is undefined", async () => {
    const named = rows.normalize({ headers: { a: undefined } as never, nulls: undefined })
    const read: unknown[] = []
    for await (const row of named.rows()) read.push(row)
    expect(read).toEqual([
      { a: "1", b: null },
      { a: "2", b: "x" },
    ])
  })

  test("`defined` keeps null, false and 0", () => {
    expect(defined({ a: undefined, b: null, c: false, d: 0 })).toEqual({ b: null, c: false, d: 0 })
    expect(Object.keys(defined({ a: undefined }))).toEqual([])
    expect(defined(undefined)).toEqual({})
  })
})

describe("`sheet` and `header` of readTables", () => {
  const rows = '<row><c t="inlineStr"><is><t>a</t></is></c></row><row><c><v>1</v></c></row>'
  const book = workbookBytes({
    sheets: [
      { name: "One", rows },
      { name: "Two", rows },
    ],
  })

  async function sheetsRead(options: Parameters<typeof readTables>[1]): Promise<readonly string[]> {
    const names: string[] = []
    for await (const { name } of readTables(book, options)) names.push(name)
    return names
  }

  test("override those of the format", async () => {
    expect(await sheetsRead({ sheet: "Two", formats: { xlsx: { sheet: "One" } } })).toEqual(["Two"])
  })

  test("leave those of the format alone if they are undefined", async () => {
    expect(await sheetsRead({ sheet: undefined, header: undefined, formats: { xlsx: { sheet: "One" } } })).toEqual(["One"])
    expect(await sheetsRead({ formats: { xlsx: { sheet: undefined } } })).toEqual(["One", "Two"])
  })
})
