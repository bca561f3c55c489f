import { expect, test } from "vitest"
import { outcomeFailures } from "./hostile-failures.ts"
import { hostileWorkbooks, soundWorkbook } from "./hostile-workbooks.ts"
import { readInProcess } from "./in-a-process.ts"

/** A sample of the workbooks. `xlsx.long.test.ts` reads all of them and measures the cost. */
const workbooks = hostileWorkbooks()
  .filter(({ slow }) => slow !== true)
  .filter(({ name }, at) => !name.includes("0,000 entries") && at % (name.startsWith("document type") ? 7 : 3) === 0)

test("hostile workbooks fail with the expected code and leave no files", { timeout: 120_000 }, async () => {
  const files = workbooks.map(({ name, make, options }) => ({ name, bytes: make(), options }))
  const readings = await readInProcess(files)
  const failures = workbooks.flatMap((workbook, at) => {
    const reading = readings[at]
    return reading === undefined
      ? [`${workbook.name}: nothing`]
      : outcomeFailures(workbook, reading).map((failure) => `${workbook.name} ${failure}`)
  })
  expect(failures).toEqual([])
  expect(readings).toHaveLength(workbooks.length)
})

test("a workbook cut off at any point is refused", async () => {
  const whole = soundWorkbook()
  const cut = Array.from({ length: 12 }, (_, at) => ({ name: `${at}/12`, bytes: whole.subarray(0, Math.floor((at * whole.length) / 12)) }))
  const readings = await readInProcess(cut)
  expect(
    readings.map(({ outcome }) => outcome).filter((outcome) => !["FILE_TRUNCATED", "FILE_CORRUPT", "SOURCE_EMPTY"].includes(outcome)),
  ).toEqual([])
})
