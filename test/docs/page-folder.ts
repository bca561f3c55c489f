import { execFile } from "node:child_process"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { delimiter, dirname, join } from "node:path"
import { promisify } from "node:util"
import type { Example } from "./read-examples.ts"

const run = promisify(execFile)

/** The folder in which the examples of one page live, as its reader's project would. */
export interface PageFolder extends AsyncDisposable {
  readonly path: string
  /** Every TypeScript example of the page as a file. */
  readonly sources: ReadonlyMap<Example, { readonly file: string; readonly code: string }>
  /** Runs a shell example, `rowgate` being this project's; gives what it printed. */
  shell(example: Example): Promise<string>
}

/** Writes the files and examples of a page. The folder is inside of the project, so that packages are found from it. */
export async function pageFolder(root: string, examples: readonly Example[]): Promise<PageFolder> {
  const path = await mkdtemp(join(root, ".examples-"))
  const sources = new Map<Example, { readonly file: string; readonly code: string }>()
  let before = ""
  for (const example of examples) {
    const isTypeScript = /^(ts|typescript)$/.test(example.language)
    const code = example.continues ? `${before}\n${example.code}` : example.code
    const file = join(path, example.file ?? `example-${example.line}.ts`)
    if (example.use !== "file" && !isTypeScript) continue
    if (example.use !== "file") before = code
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, `${code}\n`)
    if (isTypeScript) sources.set(example, { file, code })
  }
  await writeFile(join(path, "rowgate"), command(root), { mode: 0o755 })
  const shell = async ({ code }: Example) => {
    const env = { ...process.env, PATH: `${path}${delimiter}${process.env.PATH}`, NO_COLOR: "1" }
    return (await run("sh", ["-e", "-c", code], { cwd: path, env })).stdout
  }
  return { path, sources, shell, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The `rowgate` command from its sources. */
function command(root: string): string {
  const [tsx, sql, bin] = ["node_modules/tsx/dist/loader.mjs", "tools/sql-import.mjs", "src/bin.ts"].map((file) => join(root, file))
  return `#!/bin/sh\nexport TSX_TSCONFIG_PATH='${root}/tsconfig.json'\nexec '${process.execPath}' --import 'file://${tsx}' --import 'file://${sql}' '${bin}' "$@"\n`
}
