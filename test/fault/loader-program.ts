import { rmSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"

/** Lets CommonJS packages call `require`. */
const makesRequire = 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url)'
/** Without this name, pg takes Node 20 for a possible Cloudflare worker and creates a Response to find out, which loads all of undici. */
const namesNode = 'globalThis.navigator ??= { userAgent: "Node.js" }'

/**
 * Bundles a program of this folder into one file of plain JavaScript, in which `rowgate` means the sources. A loader is killed hundreds of
 * times, so it must start fast.
 */
export async function loaderProgram(name = "loader"): Promise<string> {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const outfile = join(root, ".rowgate", "fault", `${basename(name)}-${process.pid}.mjs`)
  const face: Plugin = {
    name: "rowgate sources",
    setup({ onResolve }) {
      onResolve({ filter: /^rowgate(\/|$)/ }, ({ path }) => ({ path: join(root, "src", `${path.split("/")[1] ?? "index"}.ts`) }))
    },
  }
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    external: ["pg-native"],
    platform: "node",
    format: "esm",
    target: "node20",
    plugins: [face],
    loader: { ".sql": "text" },
    minify: true,
    banner: { js: `${makesRequire}; ${namesNode}` },
    tsconfigRaw: {},
  })
  process.once("exit", () => rmSync(outfile, { force: true }))
  return outfile
}
