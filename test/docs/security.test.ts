import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

test("SECURITY.md names existing tests", () => {
  const named = [...readFileSync(`${root}/SECURITY.md`, "utf8").matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, path = ""]) => path)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((path) => !existsSync(`${root}/${path}`))).toEqual([])
})
