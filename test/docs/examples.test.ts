import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { format } from "node:util"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { postgresDatabase } from "../postgres-database.ts"
import { startS3Server } from "../sources/s3/s3-server.ts"
import { type PageFolder, pageFolder } from "./page-folder.ts"
import { type Example, exampleFault, readExamples } from "./read-examples.ts"
import { typeFaults } from "./type-faults.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const pages = pageNames().map((page) => [page, readExamples(page, readFileSync(join(root, page), "utf8"))] as const)

test("README.md shows how to run the tests, as the continuous integration does", () => {
  expect(readFileSync(join(root, "README.md"), "utf8")).toMatch(/^npm ci && npm test$/m)
})

test("every example says what the tests do with it", () => {
  expect(pages.flatMap(([, examples]) => examples.flatMap((example) => exampleFault(example) ?? []))).toEqual([])
})

test("every TypeScript example compiles under the strict settings of the project", async () => {
  const folders = await Promise.all(pages.map(([, examples]) => pageFolder(root, examples)))
  onTestFinished(async () => {
    await Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]()))
  })
  const examples = new Map(folders.flatMap(({ sources }) => [...sources].map(([example, { file }]) => [file, example])))
  const faults = typeFaults(root, [...examples.keys()])
  expect(
    faults.map((fault) =>
      fault.replace(/^[^:]+/, (file) => `${examples.get(file)?.page}: in the block of line ${examples.get(file)?.line}`),
    ),
  ).toEqual([])
  // It takes ten seconds on an idle machine.
}, 120_000)

describe.each(pages.filter(([, examples]) => examples.some(({ use }) => use === "run")))("%s", (_page, examples) => {
  test("prints the promised output", async () => {
    await using folder = await pageFolder(root, examples)
    await folder.makeDatabases()
    await using _database = await databaseFor(examples)
    await using _storage = await storageFor(examples)
    for (const [index, example] of examples.entries()) {
      if (example.use !== "run") continue
      const source = folder.sources.get(example)
      const printed = source === undefined ? await folder.shell(example) : await runTypeScript(folder, source.file)
      const place = `${example.page}:${example.line}`
      const promised = promisedLines(source?.code ?? "")
      if (promised.length > 0) expect(printed.trimEnd().split("\n"), place).toEqual(promised)
      const next = examples[index + 1]
      if (next?.use === "output") expect(printed.trimEnd(), place).toMatch(pattern(next.code))
    }
    // A page may start the command and an embedded database several times, on a busy machine.
  }, 120_000)
})

function pageNames(): string[] {
  const under = (folder: string, suffix: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(suffix) && !name.startsWith("api"))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
  return ["README.md", ...under("docs", ".md").sort(), ...under("src", ".ts").sort()]
}

/** Provides an empty database for an example that mentions DATABASE_URL. */
async function databaseFor(examples: readonly Example[]): Promise<AsyncDisposable> {
  if (!examples.some(({ code }) => code.includes("DATABASE_URL"))) return { [Symbol.asyncDispose]: async () => undefined }
  const database = await postgresDatabase()
  vi.stubEnv("DATABASE_URL", database.url)
  return {
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs()
      await database.drop()
    },
  }
}

/** Provides a server that speaks S3, with three buckets, for an example that mentions AWS_ENDPOINT_URL. */
async function storageFor(examples: readonly Example[]): Promise<AsyncDisposable> {
  if (!examples.some(({ code }) => code.includes("AWS_ENDPOINT_URL"))) return { [Symbol.asyncDispose]: async () => undefined }
  const server = await startS3Server()
  for (const Bucket of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket }))
  const variables = { AWS_ENDPOINT_URL: server.endpoint, AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  return {
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function runTypeScript(folder: PageFolder, file: string): Promise<string> {
  let printed = ""
  const log = vi.spyOn(console, "log").mockImplementation((...values) => {
    printed += `${format(...values)}\n`
  })
  const home = process.cwd()
  process.chdir(folder.path)
  try {
    await import(file)
  } finally {
    process.chdir(home)
    log.mockRestore()
  }
  return printed
}

/** The content of `// => ` comments, in order. */
function promisedLines(code: string): string[] {
  return [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, line = ""]) => line)
}

function pattern(output: string): RegExp {
  const escaped = output.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return new RegExp(`^${escaped.replaceAll("\\.\\.\\.", "[^]*?")}$`)
}
