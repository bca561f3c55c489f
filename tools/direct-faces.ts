import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import type { Plugin } from "esbuild"

const sources = fileURLToPath(new URL("../src", import.meta.url))

/**
 * Resolves what a program imports from `rowgate` and its subpaths to the modules behind, name by name. esbuild leaves out code that nothing uses, but when it
 * splits, it counts every module that a face names as loaded with it: a quarter of what a function loads came from there.
 */
export function directFaces(): Plugin {
  return {
    name: "direct-faces",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^rowgate(\/|$)/ }, async ({ path, importer }) => ({
        path,
        namespace: "face",
        sideEffects: false,
        pluginData: namesFrom(path, await readFile(importer, "utf8")),
      }))
      onLoad({ filter: /./, namespace: "face" }, async ({ path, pluginData: names }) => {
        const face = await readFile(`${sources}/${path.replace(/^rowgate\/?/, "") || "index"}.ts`, "utf8")
        return { contents: exportsOf(face, names as readonly string[]), resolveDir: sources, loader: "ts" }
      })
    },
  }
}

function namesFrom(path: string, program: string): string[] {
  const statements = [...program.matchAll(/^import \{([^}]*)\} from "([^"]+)"/gm)].filter(([, , from]) => from === path)
  return statements.flatMap(([, names = ""]) => listed(names))
}

function exportsOf(face: string, names: readonly string[]): string {
  const wanted = new Set(names)
  const named = [...face.matchAll(/^export \{([^}]*)\} from ("[^"]+")/gm)].flatMap(([, list = "", from]) =>
    listed(list).flatMap((name) => (wanted.delete(name) ? [`export { ${name} } from ${from}`] : [])),
  )
  const spaces = [...face.matchAll(/^export \* as (\w+) from "[^"]+"/gm)].flatMap(([text, name = ""]) =>
    wanted.delete(name) ? [text] : [],
  )
  if (wanted.size > 0) throw new Error(`No face of rowgate exports ${[...wanted].join(", ")}.`)
  return [...named, ...spaces].join("\n")
}

/** Names between braces, without types. */
function listed(names: string): string[] {
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "))
}
