import { expect, test } from "vitest"
import { CellError } from "../../src/model/cell-error.ts"
import type { Reject } from "../../src/model/reject.ts"
import { TimeOfDay } from "../../src/model/time-of-day.ts"
import { RefusedLog } from "../../src/postgres/retain/refused-log.ts"

const issue = { code: "postgres.23505", message: "is there", rule: "key", dimension: "validity", severity: "error", confidence: 1 } as const

function reject(row: number): Reject {
  const raw = { id: row, text: 'a"\n', on: new Date(row), at: new TimeOfDay(row), broken: new CellError("#N/A"), none: null }
  return { origin: { uri: "file:///a.xlsx", row }, raw, issues: [issue] }
}

test("refused rows come back in order and with the kinds of their cells, from memory and from the file", async () => {
  await using log = new RefusedLog()
  const given = Array.from({ length: 2_345 }, (_, row) => reject(row))
  for (const each of given) {
    log.add(each)
    await log.spillIfFull()
  }
  expect(log.length).toBe(given.length)
  for (let walk = 0; walk < 2; walk++) {
    const read: Reject[] = []
    for await (const each of log) read.push(each)
    expect(read).toEqual(given)
    expect(read[0]?.raw["on"]).toBeInstanceOf(Date)
    expect(read[0]?.raw["at"]).toBeInstanceOf(TimeOfDay)
  }
})
