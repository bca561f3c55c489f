import fc from "fast-check"
import { expect, test } from "vitest"
import { type ArchiveKeyOptions, archiveKey } from "../../../src/lambda/archive/archive-key.ts"

const delivery: Omit<ArchiveKeyOptions, "key"> = {
  prefix: "archive/",
  outcome: "loaded",
  pipeline: "orders",
  at: new Date("2026-11-30T23:59:59.999Z"),
  deliveryId: "d1",
}
const folder = "archive/loaded/orders/2026/11/30/d1/"

test.each([
  ["in/orders.csv", "in/orders.csv"],
  ["in/a b+c&d=e.csv", "in/a b+c&d=e.csv"],
  ["in/Übung.csv", "in/Übung.csv"],
  ["/in/orders.csv", "~/in/orders.csv"],
  ["in//orders.csv", "in/~/orders.csv"],
  ["../../refused/orders.csv", "~../~../refused/orders.csv"],
  ["./..", "~./~.."],
  ["~/x", "~~/x"],
  ["in/...", "in/..."],
  ["in/.hidden", "in/.hidden"],
  ["in/100%.csv", "in/100%.csv"],
  ["in/folder/", "in/folder/"],
])("the key %s becomes %s", (key, archived) => {
  expect(archiveKey({ ...delivery, key })).toBe(folder + archived)
})

test("names with slashes stay one segment", () => {
  expect(archiveKey({ ...delivery, pipeline: "a/b c", deliveryId: "x/../y", key: "k" })).toBe(
    "archive/loaded/a%2Fb%20c/2026/11/30/x%2F..%2Fy/k",
  )
})

test("the original key can be read from the archived one, which has no segment that leads elsewhere", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "/", ".", "~", "é", "+", "%2e", "é"), { minLength: 1, maxLength: 20 }), (chars) => {
      const key = chars.join("")
      const archived = archiveKey({ ...delivery, key })
      expect(archived.slice(folder.length).replace(/(^|\/)~/g, "$1")).toBe(key)
      const segments = archived.split("/").slice(0, -1)
      expect(segments.some((segment) => ["", ".", ".."].includes(segment))).toBe(false)
      const url = archived.split("/").map(encodeURIComponent).join("/")
      expect(new URL(url, "s3://bucket/").pathname.split("/")).toHaveLength(archived.split("/").length + 1)
    }),
  )
})

test("a long key keeps its end and stays different from others within S3's limit", () => {
  const long = `${"ü".repeat(505)}/orders.csv`
  const archived = archiveKey({ ...delivery, key: long })
  expect(Buffer.byteLength(archived)).toBeLessThanOrEqual(1_024 - ".rejects.ndjson".length)
  expect(archived).toMatch(/\/orders\.csv$/)
  expect(archived).not.toContain("\ufffd")
  expect(archiveKey({ ...delivery, key: `x${long}` })).not.toBe(archived)
})

test("the key needs every part, and a valid day", () => {
  expect(() => archiveKey({ ...delivery, key: "" })).toThrow("key")
  expect(() => archiveKey({ ...delivery, at: new Date(Number.NaN), key: "a" })).toThrow("valid Date")
})
