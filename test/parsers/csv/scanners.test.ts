import fc from "fast-check"
import { expect, test } from "vitest"
import { type Dialect, plainDialect } from "../../../src/parsers/csv/dialect/dialect.ts"
import { ByteScanner } from "../../../src/parsers/csv/scan/byte-scanner.ts"
import { type RecordScanner, scanStatus } from "../../../src/parsers/csv/scan/record-scanner.ts"
import { scanModule } from "../../../src/parsers/csv/scan/simd/scan-module.ts"
import { simdScanner } from "../../../src/parsers/csv/scan/simd-scanner.ts"

/** All results of a scanner from a position on. Whatever it stops at is skipped by line. */
function scanned(scanner: RecordScanner, text: Buffer, from: number): unknown[] {
  scanner.reserve(text.length)
  scanner.window.set(text)
  scanner.fixupCount = 0
  scanner.strayCount = 0
  scanner.blankCount = 0
  const said: unknown[] = []
  let position = from
  let row = 0
  for (;;) {
    const status = scanner.scan(position, text.length, row)
    const { width, stride, cells, rows, lines } = scanner
    for (let at = row; at < rows; at++)
      for (let j = 0; j < width; j++) said.push([cells[j * stride + at], cells[(width + j) * stride + at]])
    said.push({ status, position: scanner.position, rows, lines, starts: [...scanner.rowStarts.subarray(row, rows)] })
    row = rows
    position = scanner.position
    if (status === scanStatus.input || status === scanStatus.full) break
    if (status === scanStatus.odd || status === scanStatus.comment) {
      const end = text.indexOf(10, position)
      if (end < 0) break
      position = end + 1
    }
  }
  const fixups = [...scanner.fixups.subarray(0, scanner.fixupCount)].sort((a, b) => a - b)
  const blanks = [...scanner.blanks.subarray(0, scanner.blankCount)]
  return [...said, blanks, fixups, [...scanner.strays.subarray(0, scanner.strayCount)].filter((stray) => stray < row)]
}

const both = (dialect: Dialect, width: number, rowLimit: number) => {
  const options = { dialect, width, rowLimit, windowBytes: 64 }
  const simd = simdScanner(options)
  if (simd === undefined) throw new Error("no SIMD on this machine")
  return { simd, byte: new ByteScanner(options) }
}

test("the module is small and the engine accepts it", () => {
  expect(scanModule().length).toBeLessThan(2000)
  expect(simdScanner({ dialect: plainDialect, width: 3, rowLimit: 4, windowBytes: 64 })).toBeDefined()
})

test("other dialects are left to the byte scanner", () => {
  for (const part of [{ delimiter: "||" }, { escape: "\\" }, { padded: true }, { collapsed: true }, { comment: "//" }])
    expect(simdScanner({ dialect: { ...plainDialect, ...part }, width: 3, rowLimit: 4, windowBytes: 64 })).toBeUndefined()
})

test("both scanners agree on any text, wherever it begins and ends", () => {
  const text = fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...'",\n\r#a \u00a0') }, fc.string({ maxLength: 20 })), { maxLength: 60 })
    .map((parts) => parts.join(""))
  const dialects = fc.record({
    lineEnd: fc.constantFrom("\n" as const, "\r" as const),
    comment: fc.constantFrom(undefined, "#"),
    quote: fc.constantFrom('"', undefined),
  })
  fc.assert(
    fc.property(
      text,
      dialects,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(20),
      (content, part, width, rowLimit, from) => {
        const bytes = Buffer.from(content)
        const { simd, byte } = both({ ...plainDialect, ...part }, width, rowLimit)
        const start = Math.min(from, bytes.length)
        expect(scanned(simd, bytes, start)).toEqual(scanned(byte, bytes, start))
      },
    ),
    { numRuns: 2000 },
  )
})

test("a regular text of any length is found completely, even if it is not a multiple of sixteen bytes", () => {
  for (let length = 0; length < 70; length++) {
    const field = "x".repeat(length)
    const bytes = Buffer.from(`${field},"${field}"\r\n"${field}""",${field}\n`)
    for (const scanner of Object.values(both(plainDialect, 2, 8))) {
      expect(scanned(scanner, bytes, 0).at(-4)).toMatchObject({ status: scanStatus.input, position: bytes.length, rows: 2 })
      expect(scanner.fixupCount).toBe(1)
    }
  }
})

test("a window keeps its content when it grows", () => {
  for (const scanner of Object.values(both(plainDialect, 2, 8))) {
    scanner.window.write("a,b\n1,2\n")
    scanner.reserve(300_000)
    expect(scanner.window.length).toBeGreaterThan(300_000)
    expect(scanner.scan(0, 8, 0)).toBe(scanStatus.input)
    expect(scanner.rows).toBe(2)
    expect([...scanner.cells.subarray(scanner.stride, scanner.stride + 2)]).toEqual([2, 6])
  }
})
