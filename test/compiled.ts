import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Sources as JavaScript, in a folder of their own. */
export interface Compiled extends AsyncDisposable {
  readonly folder: string
  /** The file of an entry. */
  file(name: string): string
}

/**
 * Compiles sources, by the names of their files, as the build of the package does: packages stay outside. With tsx, each
 * process would compile every module anew.
 */
export async function compiled(entries: { readonly [name: string]: string }): Promise<Compiled> {
  // Within node_modules, from where the packages resolve and no tool looks at it.
  await mkdir(join(root, "node_modules/.cache"), { recursive: true })
  const folder = await mkdtemp(join(root, "node_modules/.cache/rowgate-"))
  await build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    loader: { ".sql": "text" },
  })
  await writeFile(join(folder, "package.json"), '{ "type": "module" }')
  return {
    folder,
    file: (name) => join(folder, `${name}.js`),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
