import fc from "fast-check"
import { expect, test } from "vitest"
import { BytesColumn } from "../../../src/model/columns/bytes-column.ts"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const spaces = fc.constantFrom(" ", "\t", "\u00a0", "\u3000", "\ufeff", '" "', '""', '"\u2003"', '"\r\n"')
const others = fc.constantFrom("x", '"x"', '""""', '" x"', "é", "\u200b", '"\u00a0y"', ",")
const field = fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 2, arbitrary: spaces }, others)

test("columns know which of their cells are blank, in regular and irregular rows, with either scanner", async () => {
  const lines = fc.array(
    fc.array(field, { minLength: 2, maxLength: 4 }).map((fields) => fields.join(",")),
    { minLength: 1, maxLength: 40 },
  )
  await fc.assert(
    fc.asyncProperty(lines, fc.constantFrom(undefined, "\\"), fc.integer({ min: 1, max: 9 }), async (rows, escaping, batchRows) => {
      const parser = csv({
        delimiter: ",",
        quote: '"',
        escape: escaping ?? null,
        comment: null,
        header: true,
        lineEnd: "\n",
        encoding: "utf-8",
      })
      const { batches } = await readTable(parser, chunkedFile(`a,b,c\n${rows.join("\n")}\nx,y,z\n`, 7), { batchRows })
      for (const { columns, length, names } of batches) {
        for (const name of names) {
          const column = columns[name]
          if (!(column instanceof BytesColumn)) throw new Error("a column of csv is not ranges of bytes")
          for (let row = 0; row < length; row++) {
            const text = column.bytes.toString("utf8", column.starts[row], column.ends[row])
            expect([row, text, column.blanks?.has(row)]).toEqual([row, text, text.trim() === ""])
          }
        }
      }
    }),
    { numRuns: 300 },
  )
})
