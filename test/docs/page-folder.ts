import { execFile } from "node:child_process"
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { basename, delimiter, dirname, join } from "node:path"
import { promisify } from "node:util"
import { faces } from "../../tools/faces.ts"
import { compiled } from "../compiled.ts"
import { embeddedFolder } from "../embedded-database.ts"
import type { Example } from "./read-examples.ts"

const run = promisify(execFile)

/** A folder with the examples of one page, like a reader's project. */
export interface PageFolder extends AsyncDisposable {
  readonly path: string
  /** The file of each TypeScript example of the page. */
  readonly sources: ReadonlyMap<Example, { readonly file: string; readonly code: string }>
  /** Creates the embedded databases that examples load into, empty. Creating one takes five seconds, and a test of the command covers it. */
  makeDatabases(): Promise<void>
  /** Runs a shell example in which `rowgate` is this project's command. Returns its output. */
  shell(example: Example): Promise<string>
}

/** Writes the files and examples of a page. The folder is inside the project, so that packages are found. */
export async function pageFolder(root: string, examples: readonly Example[]): Promise<PageFolder> {
  const path = await mkdtemp(join(root, ".examples-"))
  const sources = new Map<Example, { readonly file: string; readonly code: string }>()
  let before = ""
  let installed: Promise<void> | undefined
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
  const shell = async ({ code }: Example) => {
    installed ??= install(root, path)
    await installed
    const env = { ...process.env, PATH: `${path}${delimiter}${process.env.PATH}`, NO_COLOR: "1", npm_command: "" }
    return (await run("sh", ["-e", "-c", code], { cwd: path, env })).stdout
  }
  const makeDatabases = async () => {
    for (const folder of databaseFolders(examples)) await embeddedFolder(join(path, folder))
  }
  return { path, sources, makeDatabases, shell, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The folders of a page's embedded databases. */
function databaseFolders(examples: readonly Example[]): ReadonlySet<string> {
  const codes = examples.filter(({ use }) => use === "run").map(({ code }) => code)
  const named = codes.flatMap((code) => [...code.matchAll(/--to pglite:([\w./-]+)|pglite\(\{ dir: "([\w./-]+)"/g)])
  const usual = codes.some((code) => /^rowgate ingest (?!.*--to )/m.test(code)) ? [".rowgate/db"] : []
  return new Set([...usual, ...named.flatMap(([, option, property]) => option ?? property ?? [])])
}

/**
 * Installs the package in the folder's node_modules and its command in the folder. The folder becomes a separate package; otherwise `rowgate`
 * would be this one.
 */
async function install(root: string, path: string): Promise<void> {
  const { folder, file } = await compiled(Object.fromEntries(faces().map((face) => [basename(face, ".ts"), face])))
  await writeFile(join(path, "package.json"), '{ "type": "module" }')
  const home = join(path, "node_modules/rowgate")
  await mkdir(home, { recursive: true })
  await copyFile(join(root, "package.json"), join(home, "package.json"))
  await symlink(folder, join(home, "dist"))
  await writeFile(join(path, "rowgate"), `#!/bin/sh\nexec '${process.execPath}' '${file("bin")}' "$@"\n`, { mode: 0o755 })
}
