import { readdirSync } from "node:fs"
import { basename } from "node:path"
import type { Plugin } from "esbuild"

const folder = "src/pipeline/namespaces"

/**
 * Builds each namespace of the root as a module of its own that the root re-exports. Bundled into the root, esbuild would make it an
 * object that lists every member, and no bundler could leave out what a program does not use.
 */
export function namespaces(): { readonly entries: { readonly [name: string]: string }; readonly plugin: Plugin } {
  const names = readdirSync(new URL(`../${folder}`, import.meta.url)).map((file) => basename(file, ".ts"))
  return {
    entries: Object.fromEntries(names.map((name) => [`namespace-${name}`, `${folder}/${name}.ts`])),
    plugin: {
      name: "namespaces",
      setup(build) {
        build.onResolve({ filter: /\/namespaces\/[\w-]+\.ts$/ }, ({ path, kind }) =>
          kind === "entry-point" ? undefined : { path: `./namespace-${basename(path, ".ts")}.js`, external: true, sideEffects: false },
        )
      },
    },
  }
}
