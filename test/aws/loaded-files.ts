import { execFile } from "node:child_process"
import { mkdtemp, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { env, execPath } from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { gzipSync } from "node:zlib"
import type { JsonValue } from "../../src/model/json-value.ts"

/** A call of a bundled function in a process of its own. */
export interface ColdCall {
  readonly output: JsonValue
  /** What it loaded of its bundle, gzipped. */
  readonly kilobytes: number
  readonly files: readonly string[]
  /** Milliseconds to import the function, and an empty one in the same way. */
  readonly importMs: number
}

/** Calls the function in `folder` once, and notes which files of it were loaded until it returned. */
export async function coldCall(folder: string, event: JsonValue, variables: { readonly [name: string]: string }): Promise<ColdCall> {
  const scratch = await mkdtemp(join(folder, "..", "call-"))
  const list = join(scratch, "loaded.txt")
  const hooks = join(scratch, "hooks.mjs")
  await writeFile(list, "")
  await writeFile(
    hooks,
    `import { appendFileSync } from "node:fs"
    export async function load(url, context, next) {
      if (url.endsWith(".mjs")) appendFileSync(${JSON.stringify(list)}, url + "\\n")
      return next(url, context)
    }`,
  )
  const program = `
    import { register } from "node:module"
    register(${JSON.stringify(new URL(`file://${hooks}`).href)})
    const begun = performance.now()
    const { handler } = await import(${JSON.stringify(`file://${join(folder, "index.mjs")}`)})
    const importMs = performance.now() - begun
    const output = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 60_000, awsRequestId: "1", functionName: "test" })
    process.stdout.write("\\n" + JSON.stringify({ importMs, output }) + "\\n", () => process.exit())`
  const { stdout } = await promisify(execFile)(execPath, ["--input-type=module", "--eval", program], {
    env: { PATH: env["PATH"], ...variables },
  })
  const { importMs, output } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "")
  const files = (await readFile(list, "utf8"))
    .split("\n")
    .filter((url) => url.startsWith(`file://${folder}/`))
    .map((url) => fileURLToPath(url))
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(file), { level: 9 }).length))
  return {
    output,
    importMs,
    files: files.map((file) => file.slice(folder.length + 1)),
    kilobytes: sizes.reduce((sum, size) => sum + size, 0) / 1_000,
  }
}
