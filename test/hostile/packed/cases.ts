import { gzipSync } from "node:zlib"
import { autoParser } from "../../../src/parsers/auto.ts"
import { type ZipPart, zipBytes } from "../../parsers/files/zip/zip-bytes.ts"
import { workbookBytes } from "../../parsers/xlsx/workbook-bytes.ts"
import { fileOf, type HostileCases } from "../hostile-case.ts"
import { parquetBytes } from "../parquet/parquet-bytes.ts"
import { levels, run } from "../parquet/stored-bytes.ts"

/** A kind of archive with a given number of files, and the expected outcome: the number of rows, or a code. */
export interface Archive {
  readonly ends: { readonly [files: number]: number | string }
  /** A file of the archive. */
  readonly part: () => Omit<ZipPart, "name"> & { readonly extension: string }
}

const lines = (bytes: number) => "1,2\n".repeat(bytes / 4)
const nulls = 4_000_000

export const archives: { readonly [name: string]: Archive } = {
  "a zip of tables of one row": {
    ends: { 10: 10, 100: 100, 1000: 1_000, 10000: "LIMIT_EXCEEDED" },
    part: () => ({ content: "a\n1\n", extension: "csv" }),
  },
  "a zip of gzips": {
    ends: { 1: 500_000, 5: 2_500_000, 50: "LIMIT_EXCEEDED" },
    part: () => ({ content: gzipSync(lines(2_000_000), { level: 9 }), method: 0, extension: "csv.gz" }),
  },
  "a zip of workbooks": {
    ends: { 1: 100_000, 5: "LIMIT_EXCEEDED", 50: "LIMIT_EXCEEDED" },
    part: () => ({ content: workbookBytes({ sheets: [{ rows: "<row><c><v>1</v></c></row>".repeat(100_000) }] }), extension: "xlsx" }),
  },
  "a zip of parquet files": {
    ends: { 1: nulls, 4: 4 * nulls, 40: "LIMIT_EXCEEDED" },
    part: () => {
      const element = { name: "x", type: "INT32", repetition_type: "OPTIONAL" } as const
      const page = { kind: "data", values: nulls, body: Uint8Array.from(levels(run(nulls, 0))), encoding: "PLAIN" } as const
      return { content: parquetBytes({ columns: [{ element, pages: [page] }], rows: nulls }), extension: "parquet" }
    },
  },
}

export const cases: HostileCases = Object.fromEntries(
  Object.entries(archives).flatMap(([name, { ends, part }]) =>
    Object.keys(ends).map((files) => [
      `${name}, ${files} of them`,
      () => {
        const { extension, ...content } = part()
        const parts = Array.from({ length: Number(files) }, (_, at) => ({ ...content, name: `${at}.${extension}` }))
        return { parser: autoParser(), file: fileOf(zipBytes(parts)) }
      },
    ]),
  ),
)
