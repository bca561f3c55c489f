import { execFile } from "node:child_process"
import { copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const root = fileURLToPath(new URL("../..", import.meta.url))
const execute = promisify(execFile)

/** A user's project in which the packed library is installed from its tarball, without the optional peers. */
export interface InstalledPackage extends AsyncDisposable {
  /** The consumer's folder. */
  readonly folder: string
  readonly tarball: string
  /** Paths in the tarball. */
  readonly files: readonly string[]
  /** What can be imported: `rowgate`, `rowgate/xlsx` and so on. */
  readonly specifiers: readonly string[]
  /** Runs a program with this Node in the folder and returns its output. `arguments` are those of the command line. */
  node(...args: readonly string[]): Promise<string>
  write(file: string, text: string): Promise<string>
}

/** Builds, packs and installs the library as `npm publish` and `npm install` would, leaving `dist/` alone. */
export async function installedPackage(): Promise<InstalledPackage> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "rowgate-consumer-")))
  const dispose = () => rm(home, { recursive: true, force: true })
  try {
    const staged = join(home, "staged")
    await mkdir(staged)
    for (const file of ["package.json", "README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md"])
      await copyFile(join(root, file), join(staged, file))
    await cp(join(root, "docs"), join(staged, "docs"), { recursive: true })
    await execute(process.execPath, [join(root, "node_modules/tsup/dist/cli-default.js"), "--out-dir", join(staged, "dist")], { cwd: root })
    const packed = await npm(staged, "pack", "--json", "--ignore-scripts", "--pack-destination", home)
    const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(packed)

    const folder = join(home, "consumer")
    await mkdir(folder)
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }))
    await npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock", join(home, filename), "@types/node@20")
    const manifest = JSON.parse(await readFile(join(staged, "package.json"), "utf8"))
    return {
      folder,
      tarball: join(home, filename),
      files: files.map(({ path }) => path),
      specifiers: Object.keys(manifest.exports)
        .filter((subpath) => subpath !== "./package.json")
        .map((subpath) => `rowgate${subpath.slice(1)}`),
      node: async (...args) => (await execute(process.execPath, args, { cwd: folder })).stdout,
      async write(file, text) {
        await writeFile(join(folder, file), text)
        return join(folder, file)
      },
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function npm(folder: string, ...args: readonly string[]): Promise<string> {
  // The tests may themselves run under npm, whose variables would point the inner npm back at this project.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)/i.test(name)))
  return (await execute("npm", args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 })).stdout
}
