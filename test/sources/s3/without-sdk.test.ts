import { execFile } from "node:child_process"
import { join } from "node:path"
import { execPath } from "node:process"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { expect, test } from "vitest"

const run = promisify(execFile)
const root = join(import.meta.dirname, "../../..")

/** Module hooks for a process in which the SDK is not installed. */
const hooks = `export async function resolve(specifier, context, next) {
  if (specifier.startsWith("@aws-sdk/")) throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" })
  return next(specifier, context)
}`
const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
const setUp = dataUrl(`import { register } from "node:module"; register(${JSON.stringify(dataUrl(hooks))})`)
const program = `
import { readTables } from ${JSON.stringify(pathToFileURL(join(root, "src/index.ts")).href)}
import { s3 } from ${JSON.stringify(pathToFileURL(join(root, "src/s3.ts")).href)}
const source = s3({ bucket: "landing", prefix: "orders/" })
try {
  for await (const table of readTables(source)) console.log(table.name)
} catch (error) {
  console.log(JSON.stringify({ code: error.code, remedy: error.remedy }))
}`

test("without the SDK, s3() can be called, and reading throws an error that says what to install", { timeout: 30_000 }, async () => {
  const { stdout } = await run(execPath, ["--import", "tsx", "--import", setUp, "--input-type=module", "-e", program], { cwd: root })
  expect(JSON.parse(stdout)).toEqual({ code: "DEPENDENCY_MISSING", remedy: "Run npm install @aws-sdk/client-s3." })
})
