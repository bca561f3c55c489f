import { expect, test } from "vitest"
import { outcomeFaults } from "./hostile-faults.ts"
import { hostileWorkbooks, soundWorkbook } from "./hostile-workbooks.ts"
import { readInProcess } from "./in-a-process.ts"

/** A share of the many; `xlsx.long.test.ts` has them all, and measures. */
const workbooks = hostileWorkbooks()
  .filter(({ slow }) => slow !== true)
  .filter(({ name }, at) => !name.includes("0,000 entries") && at % (name.startsWith("document type") ? 7 : 3) === 0)

test("hostile workbooks end in the code that says why, and leave nothing behind", { timeout: 120_000 }, async () => {
  const files = workbooks.map(({ name, make, options }) => ({ name, bytes: make(), options }))
  const readings = await readInProcess(files)
  const faults = workbooks.flatMap((workbook, at) => {
    const reading = readings[at]
    return reading === undefined
      ? [`${workbook.name}: nothing`]
      : outcomeFaults(workbook, reading).map((fault) => `${workbook.name} ${fault}`)
  })
  expect(faults).toEqual([])
  expect(readings).toHaveLength(workbooks.length)
})

test("a workbook cut off anywhere is refused, and not read in part", async () => {
  const whole = soundWorkbook()
  const cut = Array.from({ length: 12 }, (_, at) => ({ name: `${at}/12`, bytes: whole.subarray(0, Math.floor((at * whole.length) / 12)) }))
  const readings = await readInProcess(cut)
  expect(
    readings.map(({ outcome }) => outcome).filter((outcome) => !["FILE_TRUNCATED", "FILE_CORRUPT", "SOURCE_EMPTY"].includes(outcome)),
  ).toEqual([])
})
