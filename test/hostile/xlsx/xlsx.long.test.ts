import { expect, test } from "vitest"
import { allowed } from "../cost-watch.ts"
import { hostileFailures, outcomeFailures } from "./hostile-failures.ts"
import { hostileWorkbooks, soundWorkbook } from "./hostile-workbooks.ts"
import { readInProcess } from "./in-a-process.ts"

const workbooks = hostileWorkbooks()
const small = workbooks.filter(({ name }) => name.startsWith("document type"))
const others = workbooks.filter((workbook) => !small.includes(workbook))

test.each(others)("$name is handled within the limits of time and memory, and leaves nothing behind", async (workbook) => {
  expect(await hostileFailures(workbook)).toEqual([])
})

test("document types of every kind, in every part and encoding, are refused", async () => {
  const readings = await readInProcess(small.map(({ name, make }) => ({ name, bytes: make() })))
  const failures = small.flatMap((workbook, at) => {
    const reading = readings[at]
    return reading === undefined
      ? [`${workbook.name}: nothing`]
      : outcomeFailures(workbook, reading).map((failure) => `${workbook.name} ${failure}`)
  })
  expect(failures).toEqual([])
  expect(readings.filter(({ cpuMs }) => cpuMs > allowed.cpuMs)).toEqual([])
})

test("a workbook cut off at any kilobyte is refused", async () => {
  const whole = soundWorkbook()
  const cut = Array.from({ length: Math.ceil(whole.length / 1024) }, (_, at) => ({ name: `${at} kB`, bytes: whole.subarray(0, at * 1024) }))
  const readings = await readInProcess(cut)
  expect(readings.filter(({ outcome }) => !["FILE_TRUNCATED", "FILE_CORRUPT", "SOURCE_EMPTY"].includes(outcome))).toEqual([])
  expect(readings).toHaveLength(cut.length)
})
