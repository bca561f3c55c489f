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
import { databaseFromEnvironment } from ${JSON.stringify(pathToFileURL(join(root, "src/lambda/secrets/database-from-environment.ts")).href)}
const of = (variables) => databaseFromEnvironment({ variables })
console.log(await of({ DATABASE_URL: "postgres://app:x@localhost/shop" }).url())
const secret = of({ DATABASE_SECRET_ARN: "shop" }).url()
const token = of({ DATABASE_URL: "postgres://app@localhost/shop", DATABASE_AUTH: "iam" }).password()
for (const { reason } of await Promise.allSettled([secret, token])) console.log(reason.code, reason.remedy)`

test("without the SDK, a connection string still works, and the rest says what to install", { timeout: 30_000 }, async () => {
  const { stdout } = await run(execPath, ["--import", "tsx", "--import", setUp, "--input-type=module", "-e", program], { cwd: root })
  expect(stdout.trim().split("\n")).toEqual([
    "postgres://app:x@localhost/shop",
    "DEPENDENCY_MISSING Run npm install @aws-sdk/client-secrets-manager.",
    "DEPENDENCY_MISSING Run npm install @aws-sdk/rds-signer.",
  ])
})
