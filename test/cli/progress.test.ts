import { setTimeout as wait } from "node:timers/promises"
import { describe, expect, test } from "vitest"
import { Printer } from "../../src/cli/printer.ts"
import { ProgressDisplay } from "../../src/cli/progress.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import type { SourceFile } from "../../src/contract/source.ts"
import { bytes } from "../../src/index.ts"
import type { DeliveryReport, RunReport } from "../../src/model/run-report.ts"
import { noRows } from "../../src/model/run-report.ts"
import { TextStream } from "./text-stream.ts"

const context = { runId: "r", signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0) }
const uri = "file:///data/my%20orders.csv"

function display({ isTTY = true, files = 1, columns }: { isTTY?: boolean; files?: number; columns?: number } = {}) {
  const stream = Object.assign(new TextStream({ isTTY }), { columns })
  const clock = { now: 0 }
  const progress = new ProgressDisplay(new Printer(stream), files, () => clock.now)
  return { stream, clock, progress }
}

async function fileOf(progress: ProgressDisplay, name: string, size: number): Promise<SourceFile> {
  for await (const file of progress.watch(bytes(new Uint8Array(size), { name })).files(context)) return file
  return expect.unreachable()
}

/** What the last line shows. */
const last = ({ text }: TextStream) => text.split("\r").at(-1)?.trimEnd()

test("the line says phase, share, time left, rows and rates, and is written at most ten times a second", async () => {
  const { stream, clock, progress } = display({ columns: 120 })
  const file = await fileOf(progress, uri, 4_000_000)
  progress.loading()
  const chunks = file.stream()[Symbol.asyncIterator]()
  await chunks.next()
  expect(last(stream)).toBe("my orders.csv: reading 0 %")
  clock.now = 1000
  progress.show({ uri, read: 8192, rejected: 3 })
  expect(last(stream)).toBe("my orders.csv: loading 13 %, 0:07 left, 8,192 rows, 3 rejected, 8,192 rows/s, 0.5 MB/s")
  const shown = stream.text
  clock.now = 1050
  progress.show({ uri, read: 9000, rejected: 3 })
  expect(stream.text).toBe(shown)
  progress[Symbol.dispose]()
})

test("the time left follows from the bytes that are left", async () => {
  const { stream, clock, progress } = display({ columns: 120 })
  const file = await fileOf(progress, uri, 8_000_000)
  await file.read?.(0, 2_000_000)
  clock.now = 15_000
  progress.show({ uri, read: 3000, rejected: 0 })
  expect(last(stream)).toBe("my orders.csv: loading 25 %, 0:45 left, 3,000 rows, 200 rows/s, 0.1 MB/s")
  clock.now = 2_000_000
  progress.show({ uri, read: 3000, rejected: 0 })
  expect(last(stream)).toContain("1:40:00 left")
  progress[Symbol.dispose]()
})

test("a sample that was read before does not count, nor does a reading that is begun anew", async () => {
  const { stream, clock, progress } = display()
  const file = await fileOf(progress, uri, 4000)
  for await (const _ of file.stream());
  progress.loading()
  for await (const _ of file.stream());
  for await (const _ of file.stream());
  clock.now = 200
  progress.show({ uri, read: 10, rejected: 0 })
  expect(last(stream)).toBe("my orders.csv: loading 100 %, 10 rows")
  progress[Symbol.dispose]()
})

test("several files are counted, and each leaves a line", async () => {
  const { stream, clock, progress } = display({ files: 2 })
  progress.show({ uri: "a.csv", read: 1, rejected: 0 })
  expect(last(stream)).toBe("[1/2] a.csv: loading, 1 row")
  clock.now = 1500
  const report: DeliveryReport = { ...noRows, uri: "a.csv", read: 1200, outcome: "loaded" } as DeliveryReport
  progress.delivered({ deliveries: [report] } as unknown as RunReport, true)
  expect(stream.text).toMatch(/\r\[1\/2\] a\.csv: 1,200 rows read, loaded in 1\.5 s\n$/)
  progress.show({ uri: "b.csv", read: 1, rejected: 0 })
  expect(last(stream)).toBe("[2/2] b.csv: loading, 1 row")
  progress[Symbol.dispose]()
})

describe("the width of the terminal", () => {
  test("cuts the line, also when it changes", () => {
    const { stream, clock, progress } = display({ columns: 30 })
    progress.show({ uri: "注文の一覧.csv", read: 12_345_678, rejected: 0 })
    expect(last(stream)).toBe("注文の一覧.csv: loading, 12,…")
    stream.columns = 20
    clock.now = 200
    progress.show({ uri: "注文の一覧.csv", read: 12_345_678, rejected: 0 })
    expect(last(stream)).toBe("注文の一覧.csv: lo…")
    progress[Symbol.dispose]()
  })

  test("is the limit of blanks that cover a longer line", () => {
    const { stream, clock, progress } = display()
    progress.show({ uri: "a-long-name.csv", read: 1000, rejected: 0 })
    clock.now = 1000
    progress.show({ uri: "a.csv", read: 1, rejected: 0 })
    const [, long = "", short = ""] = stream.text.split("\r")
    expect(short).toHaveLength(long.length)
    stream.text = ""
    progress.clear()
    expect(stream.text).toBe(`\r${" ".repeat(long.length)}\r`)
    progress[Symbol.dispose]()
    expect(stream.text).toBe(`\r${" ".repeat(long.length)}\r`)
  })
})

test("where nobody watches, a plain line comes every half a minute", () => {
  const { stream, clock, progress } = display({ isTTY: false })
  progress.show({ uri, read: 1, rejected: 0 })
  clock.now = 29_000
  progress.show({ uri, read: 10_000, rejected: 0 })
  expect(stream.text).toBe("")
  clock.now = 31_000
  progress.show({ uri, read: 31_000, rejected: 0 })
  clock.now = 32_000
  progress.show({ uri, read: 32_000, rejected: 0 })
  expect(stream.text).toBe("my orders.csv: loading, 31,000 rows, 1,000 rows/s\n")
  progress[Symbol.dispose]()
})

test("the line moves while no rows come, until the display ends", async () => {
  const { stream, clock, progress } = display()
  progress.show({ uri, read: 1, rejected: 0 })
  clock.now = 1000
  await wait(450)
  expect(last(stream)).toContain("1 rows/s")
  progress[Symbol.dispose]()
  const { text } = stream
  clock.now = 2000
  await wait(450)
  expect(stream.text).toBe(text)
})
