import { execFile } from "node:child_process"
import { readdirSync } from "node:fs"
import { access, mkdir, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { bundle } from "../structure/bundle.ts"
import { followReadme } from "./follow-readme.ts"
import { type InstalledPackage, installedPackage } from "./installed-package.ts"

/** Subpaths that do nothing without one package. */
const packageOf: { readonly [subpath: string]: string } = {
  "rowgate/phone": "libphonenumber-js",
  "rowgate/iban": "ibantools",
  "rowgate/country": "i18n-iso-countries",
  "rowgate/json-schema": "ajv",
}
const run = promisify(execFile)
const withoutPackage = () => consumer.specifiers.filter((name) => packageOf[name] === undefined)

let consumer: InstalledPackage
beforeAll(async () => {
  consumer = await installedPackage()
}, 240_000)
afterAll(() => consumer?.[Symbol.asyncDispose]())

test("the tarball holds the build, the guides and what else its reader needs, and nothing else", () => {
  const other = consumer.files.filter(
    (file) => !/^(dist\/([\w-]+\.(js|js\.map|d\.ts)|migrations\/\w+\.sql)|docs\/.+\.(md|png))$/.test(file),
  )
  expect(other.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "package.json"])
  expect(consumer.files).toContain("docs/getting-started.md")
  expect(consumer.files.filter((file) => file.startsWith("docs/api/"))).toEqual([])
})

test("the migrations are files in it, for goose", async () => {
  const own = readdirSync("src/postgres/ledger/migrations")
  expect(own.length).toBeGreaterThan(4)
  expect(consumer.files.filter((file) => file.startsWith("dist/migrations/")).sort()).toEqual(
    own.map((name) => `dist/migrations/${name}`).sort(),
  )
})

test("no optional peer is installed with it", async () => {
  for (const peer of ["pg", "exceljs", "@aws-sdk/client-s3", "@electric-sql/pglite", "jiti", ...Object.values(packageOf)])
    await expect(access(join(consumer.folder, "node_modules", peer)), peer).rejects.toThrow("ENOENT")
})

test("an ES module imports every subpath that does more than wrap one package, without any optional peer", async () => {
  const names = withoutPackage()
  const program = names.map((name) => `console.log("${name}", Object.keys(await import("${name}")).length > 0)`)
  const file = await consumer.write("import.mjs", program.join("\n"))
  expect((await consumer.node(file)).trimEnd().split("\n")).toEqual(names.map((name) => `${name} true`))
})

test("a CommonJS module requires each of them", async () => {
  const names = withoutPackage()
  const program = names.map((name) => `console.log("${name}", Object.keys(require("${name}")).length > 0)`)
  const file = await consumer.write("require.cjs", program.join("\n"))
  expect((await consumer.node(file)).trimEnd().split("\n")).toEqual(names.map((name) => `${name} true`))
})

test("a subpath that wraps one package names it if it is missing", async () => {
  const program = Object.keys(packageOf).map((name) => `await import("${name}").catch(({ message }) => console.log(message))`)
  const file = await consumer.write("wrapped.mjs", program.join("\n"))
  const messages = (await consumer.node(file)).trimEnd().split("\n")
  expect(messages).toEqual(Object.values(packageOf).map((name) => expect.stringContaining(`Cannot find package '${name}'`)))
})

test("the command is on the path", async () => {
  const { version } = JSON.parse(await readFile(join(consumer.folder, "node_modules/rowgate/package.json"), "utf8"))
  expect(await consumer.node("node_modules/.bin/rowgate", "--version")).toContain(version)
})

describe("README.md does what it says, if you follow it to the letter,", () => {
  test("on this Node", async () => {
    await promisesHold()
  })

  test.for(["22", "24"])("on Node %s", async (version, { skip }) => {
    const nodes = join(consumer.folder, `../node-${version}`)
    await mkdir(nodes)
    const install = ["install", "--prefer-offline", "--no-save", "--no-audit", "--prefix", nodes, `node@${version}`]
    const isThere = await run("npm", install, { cwd: nodes }).then(
      () => true,
      () => false,
    )
    if (!isThere) skip(`npm cannot install node@${version} here`)
    const folder = join(nodes, "node_modules/node/bin")
    expect((await run(join(folder, "node"), ["--version"])).stdout).toContain(`v${version}.`)
    await promisesHold(folder)
  })

  async function promisesHold(nodeFolder?: string) {
    const { command, pipeline, promisedPipeline } = await followReadme(consumer.tarball, nodeFolder)
    expect(command).toContain("5 rows read, 5 loaded")
    expect(pipeline).toBe(promisedPipeline)
  }
})

describe("a Lambda function that only checks rows", () => {
  const middle = `
    import { check, compose, stage } from "rowgate"
    import { z } from "zod"
    const Order = z.object({ orderId: z.number(), amount: z.string() })
    export const middle = compose(stage.validate(Order), stage.check(check.unique("orderId")))`

  test("bundles neither a database driver, nor the AWS SDK, nor a workbook writer", async () => {
    const { loaded, lazy, kilobytes } = await bundle(middle, consumer.folder, "single")
    expect(loaded).toEqual(expect.arrayContaining(["rowgate", "zod"]))
    const heavy = [...loaded, ...lazy].filter((name) => /^(pg|pg-.*|exceljs|@aws-sdk\/.*|@smithy\/.*|@electric-sql\/.*)$/.test(name))
    expect(heavy).toEqual([])
    console.log(`validating function: ${kilobytes.toFixed(1)} kB minified and gzipped, zod inside`)
    expect(kilobytes).toBeLessThanOrEqual(145)
  })
})

test("a program that names one normalizer bundles no parser and no pipeline", async () => {
  const { kilobytes } = await bundle('import { cell } from "rowgate"; export const name = cell.text()', consumer.folder, "single")
  expect(kilobytes).toBeLessThanOrEqual(19)
})

test.each(["Node16", "NodeNext", "Bundler"])(
  "a strict program compiles with the library's types checked too (%s)",
  async (moduleResolution) => {
    await consumer.write(
      "program.ts",
      `
    import { cell, check, createPipeline, file, type RunReport } from "rowgate"
    import { postgres } from "rowgate/postgres"
    import { xlsx } from "rowgate/xlsx"
    import { z } from "zod"
    import type { PostgresPool } from "rowgate/postgres"
    declare const pool: PostgresPool
    const Order = z.object({ orderId: z.number(), amount: z.string().nullable() })
    const orders = createPipeline({ name: "orders" })
      .from(file("orders.xlsx"))
      .parse(xlsx({ sheet: "Orders" }))
      .normalize({ columns: { amount: cell.decimal({ scale: 2 }) } })
      .validate(Order)
      .check(({ amount }) => (amount === "0" ? { code: "amount.zero", message: "nothing ordered", column: "amount" } : undefined))
      .check(check.unique("orderId"))
      .score({ minimum: { overall: 80 } })
      .into(postgres({ pool, table: "orders" }))
    export const report: Promise<RunReport> = orders.run()
    // @ts-expect-error: no such column
    export const typo = createPipeline({ name: "typo" }).from(file("a.csv")).validate(Order).check(check.unique("orderid"))`,
    )
    const compilerOptions = {
      target: "ES2023",
      lib: ["ES2023", "ESNext.Disposable"],
      module: moduleResolution === "Bundler" ? "ESNext" : moduleResolution,
      moduleResolution,
      types: ["node"],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    }
    await consumer.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["program.ts"] }))
    expect(await compile(consumer)).toBe("")
  },
)

/** What the project's compiler says about the consumer's program. */
function compile({ node }: InstalledPackage): Promise<string> {
  const tsc = createRequire(import.meta.url).resolve("typescript/lib/tsc.js")
  return node(tsc, "--project", ".").catch((error: { readonly stdout: string }) => error.stdout)
}
