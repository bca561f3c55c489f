import { expect, test } from "vitest"
import { parseTarget, targetName } from "../../src/cli/target.ts"
import { failureOf } from "./failure-of.ts"

test.each([
  ["postgres://me:pw@db:5432/shop?sslmode=require", "postgres://me@db:5432/shop"],
  ["postgresql://db/shop", "postgresql://db/shop"],
  ["pglite:.rowgate/db", "pglite:/work dir/.rowgate/db"],
  ["pglite:/data/db", "pglite:/data/db"],
  ["out/rows.ndjson", "/work dir/out/rows.ndjson"],
  ["ROWS.JSONL", "/work dir/ROWS.JSONL"],
])("%s is shown as %s, without its password", (text, shown) => {
  expect(targetName(parseTarget(text, "/work dir"))).toBe(shown)
})

test.each([
  "mysql://me:hunter2@db/shop",
  "rows.csv",
  "pglite:",
  "",
  "https://example.com/hunter2.ndjson",
  "postgres://me:hunter2@@db:port/x",
])("%s is refused without being repeated", (text) => {
  const { code, message } = failureOf(() => parseTarget(text, "/"))
  expect(code).toBe("CONFIG_INVALID")
  expect(message).not.toContain("hunter2")
})
