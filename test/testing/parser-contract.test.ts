import { parquetWriteBuffer } from "hyparquet-writer"
import { describe, expect, test } from "vitest"
import { type Parser, type Row, type SourceFile, toBatches } from "../../src/index.ts"
import { parquet } from "../../src/parquet.ts"
import { autoParser } from "../../src/parsers/auto.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import { json } from "../../src/parsers/json/json.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { type ParserContractOptions, parserContract } from "../../src/testing.ts"
import { xlsx } from "../../src/xlsx.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

interface Named {
  readonly id: string
  readonly name: string
}

function named(count: number): readonly Named[] {
  return Array.from({ length: count }, (_, at) => ({ id: `A-${at + 1}`, name: `Zoë, "the ${at + 1}."` }))
}

function csvOf(rows: readonly Named[]): string {
  return `id,name\n${rows.map(({ id, name }) => `${id},"${name.replaceAll('"', '""')}"\n`).join("")}`
}

function workbookOf(rows: readonly Named[]): Buffer {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text.replaceAll('"', "&quot;")}</t></is></c>`
  return workbookBytes({
    rows: [{ id: "id", name: "name" }, ...rows].map(({ id, name }) => `<row>${cell(id)}${cell(name)}</row>`).join(""),
  })
}

function parquetOf(rows: readonly Named[]): Uint8Array {
  const column = (name: "id" | "name") => ({ name, data: rows.map((row) => row[name]), type: "STRING" as const })
  return new Uint8Array(parquetWriteBuffer({ columnData: [column("id"), column("name")] }))
}

const formats: readonly [string, () => Parser, (rows: readonly Named[]) => string | Uint8Array][] = [
  ["csv", () => csv(), csvOf],
  ["json", () => json(), (rows) => JSON.stringify(rows)],
  ["ndjson", () => ndjson(), (rows) => rows.map((row) => JSON.stringify(row)).join("\n")],
  ["xlsx", () => xlsx(), workbookOf],
  ["parquet", () => parquet(), parquetOf],
  ["the detected format", () => autoParser(), csvOf],
]

describe.each(formats)("%s", (_name, create, write) => {
  const cases = parserContract({
    create,
    example: (count) => ({ content: write(named(count)), rows: named(count).map((row) => ({ ...row })) }),
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("the contract", () => {
  test("finds a parser that opens its file early and never closes it", async () => {
    const names = await broken((file) => {
      const chunks = file.stream()[Symbol.asyncIterator]()
      const first = chunks.next()
      const rows = async function* () {
        for (let chunk = await first; chunk.done !== true; chunk = await chunks.next()) yield* linesOf(Buffer.from(chunk.value).toString())
      }
      return toBatches<Row>(rows(), { batchRows: 16, table: file.uri })
    })
    expect(names).toContain("opens nothing before its batches are iterated, and leaves nothing open at their end")
    expect(names).toContain("leaves nothing open if it is left in the middle of the file")
    expect(names).toContain("reads the same from chunks of 7 bytes, with empty ones between")
  })

  test("finds a parser that takes a broken file for a short one, ignores batchRows, and hides origins", async () => {
    const names = await broken((file) => {
      const rows = async function* () {
        const chunks: Uint8Array[] = []
        try {
          for await (const chunk of file.stream()) chunks.push(chunk)
        } catch {}
        yield* linesOf(Buffer.concat(chunks).toString())
      }
      return toBatches<Row>(rows())
    })
    expect(names).toContain("passes on an error of the source in the middle, and leaves nothing open")
    expect(names).toContain("returns at most as many rows at once as requested")
    expect(names).toContain("gives the file and the place of every row")
    expect(names).not.toContain("reads a single row, each once and in order")
  })
})

/** The names of the promises that a parser of lines breaks. */
async function broken(parse: (file: SourceFile) => ReturnType<Parser["parse"]>): Promise<readonly string[]> {
  const names: string[] = []
  const example: ParserContractOptions["example"] = (count) => {
    const rows = named(count).map(({ id }) => ({ id }))
    return { content: rows.map(({ id }) => `${id}\n`).join(""), rows }
  }
  for (const { name, run } of parserContract({ create: () => ({ name: "lines", parse }), example })) {
    await run().catch(() => names.push(name))
  }
  return names
}

function* linesOf(text: string) {
  for (const id of text.split("\n")) if (id !== "") yield { id }
}
