import { readFile } from "node:fs/promises"
import { dirname } from "node:path"
import type { Plugin } from "esbuild"

/**
 * Resolves what the AWS SDK imports from index files of its own to the modules behind, name by name. When esbuild splits, it counts every module that an
 * index names as loaded with it, as soon as any client needs that module: S3 would load the JSON protocols of Secrets Manager.
 */
export function directBarrels(): Plugin {
  const texts = new Map<string, string>()
  return {
    name: "direct-barrels",
    setup(build) {
      build.onResolve({ filter: /^@(smithy|aws-sdk)\// }, async ({ path, importer, kind, namespace, resolveDir, pluginData }) => {
        if (kind !== "import-statement" || pluginData === resolving) return undefined
        const names = namesFrom(path, texts.get(importer) ?? (await readFile(importer, "utf8")))
        if (names === undefined) return undefined
        const found = await build.resolve(path, { kind, importer, namespace, resolveDir, pluginData: resolving })
        if (found.namespace !== "file" || found.errors.length > 0) return found
        const text = exportsOf(await readFile(found.path, "utf8"), names, found.path)
        const direct = `${found.path}?${names.join(",")}`
        texts.set(direct, text)
        return { path: direct, namespace: "barrel", sideEffects: false, pluginData: dirname(found.path) }
      })
      build.onLoad({ filter: /./, namespace: "barrel" }, ({ path, pluginData: resolveDir }) => ({
        contents: texts.get(path) ?? "",
        resolveDir,
      }))
    },
  }
}

const resolving = Symbol("resolving")

/** The names that a module takes from another. Undefined if it takes more than names. */
function namesFrom(path: string, text: string): string[] | undefined {
  const statements = [...text.matchAll(/^(?:import|export)\s([^;"']*)from\s*["']([^"']+)["']/gm)].filter(([, , from]) => from === path)
  const lists = statements.map(([, names = ""]) => /^\s*\{([^}]*)\}\s*$/.exec(names)?.[1])
  if (lists.length === 0 || lists.includes(undefined)) return undefined
  return [...new Set(lists.flatMap((list = "") => list.split(",").map((name) => name.trim().split(/\s+as\s+/)[0] ?? "")))]
    .filter((name) => name !== "")
    .sort()
}

/** A module with these exports of a barrel: from the module behind, or from the barrel if it declares them itself. */
function exportsOf(barrel: string, names: readonly string[], path: string): string {
  const origins = new Map(
    [...barrel.matchAll(/^export\s*\{([^}]*)\}\s*from\s*("[^"]+")/gm)].flatMap(([, list = "", from = ""]) =>
      list.split(",").flatMap((entry) => {
        const [name = "", alias = name] = entry.trim().split(/\s+as\s+/)
        return alias === "" ? [] : [[alias, `export { ${entry.trim()} } from ${from}`] as const]
      }),
    ),
  )
  return names.map((name) => origins.get(name) ?? `export { ${name} } from ${JSON.stringify(path)}`).join("\n")
}
