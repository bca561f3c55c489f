import { mkdtemp, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { inject } from "vitest"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Sources compiled to JavaScript, in a separate folder that is removed after the test run. */
export interface Compiled {
  readonly folder: string
  /** The file of an entry. */
  file(name: string): string
}

const known = new Map<string, Promise<Compiled>>()

/**
 * Compiles sources, by the names of their files, as the build of the package does: packages stay outside. With tsx, each
 * process would compile every module again. Test files of one process share what they compile.
 */
export function compiled(entries: { readonly [name: string]: string }): Promise<Compiled> {
  const key = JSON.stringify(entries)
  const made = known.get(key) ?? compile(entries)
  known.set(key, made)
  return made
}

async function compile(entries: { readonly [name: string]: string }): Promise<Compiled> {
  const folder = await mkdtemp(join(inject("compiledFolder"), "sources-"))
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
  return { folder, file: (name) => join(folder, `${name}.js`) }
}
