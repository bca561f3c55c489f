import { expect, test } from "vitest"
import { ScratchFile } from "../../src/files/scratch-file.ts"
import { BytesColumn } from "../../src/model/columns/bytes-column.ts"
import { noNulls } from "../../src/model/null-mask.ts"
import { DistinctKeys } from "../../src/sketch/distinct-keys.ts"

const rows = 4000
const batches = 5000

/** Columns of a batch: a shop that is the same in all rows, and a number that occurs once. */
function columnsOf(batch: number): readonly [BytesColumn, BytesColumn] {
  const numbers = Buffer.alloc(rows * 12)
  const [starts, ends] = [new Uint32Array(rows), new Uint32Array(rows)]
  let at = 0
  for (let row = 0; row < rows; row++) {
    starts[row] = at
    at += numbers.write(`K${batch * rows + row}`, at, "latin1")
    ends[row] = at
  }
  const shop = new BytesColumn(Buffer.from("a7"), new Uint32Array(rows), new Uint32Array(rows).fill(2), rows, noNulls(rows))
  return [shop, new BytesColumn(numbers, starts, ends, rows, noNulls(rows))]
}

test("20 million keys of two columns are compared in less than 200 MB, and the one that repeats is found", () => {
  const keys = new DistinctKeys({ openFile: () => new ScratchFile() })
  const before = process.memoryUsage().arrayBuffers
  const repeated: number[] = []
  let most = 0
  for (let batch = 0; batch <= batches; batch++) {
    // The last batch repeats one that has long been in the file.
    keys.add(
      columnsOf(batch === batches ? 7 : batch),
      (row) => batch < batches || row === 123,
      (row) => repeated.push(row),
    )
    if (batch % 50 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  keys.close()
  expect(repeated).toEqual([123])
  expect(keys.size).toBe(rows * batches)
  console.log(`20 million keys took ${Math.round(most / 2 ** 20)} MiB`)
  expect(most / 2 ** 20).toBeLessThan(200)
}, 300_000)
