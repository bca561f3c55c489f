import { readFileSync } from "node:fs"
import { basename } from "node:path"

interface Manifest {
  readonly bin: { readonly [command: string]: string }
  readonly exports: { readonly [subpath: string]: string | { readonly types: string; readonly default: string } }
}

/** The sources behind what package.json publishes, its `exports` and `bin`: `dist/xlsx.js` is built from `src/xlsx.ts`. */
export function faces(): string[] {
  const { bin, exports }: Manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  const modules = Object.values(exports).flatMap((target) => (typeof target === "string" ? [] : [target.default]))
  return [...modules, ...Object.values(bin)].map((file) => `src/${basename(file, ".js")}.ts`)
}
