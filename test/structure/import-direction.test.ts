import { dirname, join } from "node:path/posix"
import { expect, test } from "vitest"
import { importFaults } from "./import-rules.ts"
import { type Import, readImports } from "./read-imports.ts"
import { sourceFiles } from "./source-files.ts"

const sources = sourceFiles()
const imports = new Map([...sources].map(([path, text]) => [path, readImports(path, text)]))

test("every import points the way the design says, and names only the packages of its folder", () => {
  expect(sources.size).toBeGreaterThan(20)
  expect([...imports].flatMap(([path, each]) => importFaults(path, each))).toEqual([])
})

test("no sources import each other in a circle", () => {
  expect(circle(imports)).toBeUndefined()
})

test("every folder and file is named after what it contains", () => {
  const nameless = [...sources.keys()].filter((path) => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.ts$)/.test(path))
  expect(nameless).toEqual([])
})

test("code that computes rows uses no clock and no random numbers", () => {
  const steady = [...sources].filter(([path]) =>
    /^(model|cells|binding|sketch|parsers|normalize|validate|checks|score|profile)\//.test(path),
  )
  const unsteady = steady.filter(([, text]) =>
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\brandomUUID\(/.test(text),
  )
  expect(unsteady.map(([path]) => path)).toEqual([])
})

test.each([
  ["model/a.ts", 'import { x } from "../cells/x.ts"', "model may not import cells"],
  ["parsers/csv/a.ts", 'export { x } from "../../sources/x.ts"', "parsers may not import sources"],
  ["errors/a.ts", 'type X = import("../model/x.ts").X', "errors may not import model"],
  ["score/a.ts", 'const x = await import("../pipeline/x.ts")', "score may not import pipeline"],
  ["pipeline/a.ts", 'import { xlsx } from "../xlsx.ts"', "imports the entry point xlsx.ts"],
  ["model/a.ts", 'import { x } from "./x"', "without its extension"],
  ["model/a.ts", 'import { x } from "../../test/x.ts"', "outside src"],
  ["validate/a.ts", 'import { type ZodType } from "zod"', "may only import as types"],
  ["normalize/a.ts", 'import type { ZodType } from "zod"', "belongs in validate/"],
  ["sources/s3/a.ts", 'import { S3Client } from "./sdk.ts"', "loads sources/s3/sdk.ts eagerly"],
  ["postgres/connection/a.ts", 'import pg from "pg"', "loads the optional peer pg eagerly"],
  ["pipeline/a.ts", 'const pg = await import("pg")', "belongs in postgres/"],
  ["sources/file.ts", 'import type { S3Client } from "@aws-sdk/client-s3"', "belongs in sources/s3"],
  ["cli/a.ts", 'import { x } from "../postgres/connection/x.ts"', "import postgres through postgres/postgres.ts"],
  ["parsers/a.ts", 'import leftPad from "left-pad"', "which no folder may use"],
  ["score/a.ts", 'import { readFile } from "node:fs/promises"', "score only computes"],
  ["sinks/a.ts", 'import { env } from "node:process"', "reads the environment"],
])("%s may not contain %s", (path, text, fault) => {
  expect(importFaults(path, readImports(path, text)).join()).toContain(fault)
})

test.each([
  ["model/a.ts", 'import { x } from "../errors/x.ts"; import { y } from "./columns/y.ts"'],
  [
    "postgres/connection/a.ts",
    'import type { Pool } from "pg"; const { Pool } = await import("pg"); import up from "./migrations/0001_ledger.sql"',
  ],
  ["validate/zod/a.ts", 'import type { ZodType } from "zod"'],
  ["cli/a.ts", 'import { z } from "zod"; import { env } from "node:process"'],
  ["cli/a.ts", 'import { x } from "../postgres/operations/x.ts"'],
  ["xlsx.ts", 'export { xlsx } from "./parsers/xlsx/xlsx.ts"'],
])("%s may contain %s", (path, text) => {
  expect(importFaults(path, readImports(path, text))).toEqual([])
})

test("a circle of imports is found, but a circle of types is allowed", () => {
  const [value, type] = (["value", "type"] as const).map((kind) => {
    const to = (specifier: string): Import[] => [{ specifier, kind, names: [] }]
    return new Map([
      ["a.ts", to("./b.ts")],
      ["b.ts", to("./c/d.ts")],
      ["c/d.ts", to("../b.ts")],
    ])
  })
  expect(circle(value ?? new Map())).toEqual(["b.ts", "c/d.ts", "b.ts"])
  expect(circle(type ?? new Map())).toBeUndefined()
})

/** The first circle of value imports, as a path that ends where it begins. */
function circle(graph: ReadonlyMap<string, readonly Import[]>): string[] | undefined {
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const { specifier, kind } of graph.get(path) ?? []) {
      if (kind !== "value" || !specifier.startsWith(".")) continue
      const found = walk(join(dirname(path), specifier), [...trail, path])
      if (found !== undefined) return found
    }
    done.add(path)
    return undefined
  }
  for (const path of graph.keys()) {
    const found = walk(path, [])
    if (found !== undefined) return found
  }
  return undefined
}
