import { expect, test } from "vitest"
import { otherReadings } from "../../../src/parsers/encoding/other-readings.ts"

test("a difference far into a long line is shown with what stands around it", () => {
  // 0xE4 is the same letter in both encodings, 0xF0 is not.
  const line = Buffer.from(`${"\u00e4".repeat(3_000)}\u00f0`, "latin1")
  const [reading] = otherReadings(line, "windows-1252", ["windows-1250"])
  expect(reading).toEqual({
    encoding: "windows-1250",
    line: 1,
    text: `…${"ä".repeat(20)}đ`,
    instead: `…${"ä".repeat(20)}ð`,
  })
})

test("a line of megabytes is decoded only in part", () => {
  const line = Buffer.alloc(4_000_000, 0xe4)
  const begun = process.cpuUsage()
  expect(otherReadings(line, "windows-1252", ["windows-1250", "iso-8859-2"])).toEqual([])
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(2_000)
})

test("a cut line divides no character of two code units", () => {
  // In GB18030, 0x94 0x39 0xDA 0x33 is U+1F4A9.
  const pile = [0x94, 0x39, 0xda, 0x33]
  const line = Buffer.from([...Array.from({ length: 50 }, () => pile).flat(), 0x61])
  const [reading] = otherReadings(line, "windows-1252", ["gb18030"])
  expect(reading?.text).toBe(`${"💩".repeat(30)}…`)
})
