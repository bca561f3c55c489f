import { gzipSync } from "node:zlib"
import { build, type Metafile } from "esbuild"

/** The size of a program after esbuild has bundled it with all its packages. */
export interface Bundle {
  /** Minified and gzipped, without what only `import()` loads. */
  readonly kilobytes: number
  /** The packages and own sources that are loaded with the program. */
  readonly loaded: readonly string[]
  /** Those that only `import()` loads. */
  readonly lazy: readonly string[]
}

/**
 * Bundles a program for Node. Its imports are resolved from `folder`. `"split"` leaves what `import()` loads in separate files; `"single"` makes
 * the single file of a Lambda function, in which nothing is lazy and unreachable code is removed.
 */
export async function bundle(program: string, folder: string, form: "split" | "single"): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: folder, loader: "ts", sourcefile: "program.ts" },
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    splitting: form === "split",
    platform: "node",
    format: "esm",
    target: "node20",
    loader: { ".sql": "text", ".node": "empty" },
    outdir: "bundle",
    write: false,
    metafile: true,
    logLevel: "silent",
  })
  const first = loadedOutputs(metafile)
  const names = (outputs: readonly string[]) =>
    [...new Set(outputs.flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {})))].map(moduleName)
  const loaded = new Set(names(first))
  const lazy = new Set(names(Object.keys(metafile.outputs)).filter((name) => !loaded.has(name)))
  const bytes = outputFiles.filter(({ path }) => first.some((each) => path.endsWith(each))).map(({ contents }) => contents)
  return { kilobytes: gzipSync(Buffer.concat(bytes), { level: 9 }).length / 1000, loaded: [...loaded].sort(), lazy: [...lazy].sort() }
}

/** The output of the entry and of its static imports, direct and indirect. */
function loadedOutputs({ outputs }: Metafile): string[] {
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint?.endsWith("program.ts"))
  if (entry === undefined) throw new Error("esbuild made no entry")
  const reached = [entry]
  for (const path of reached)
    for (const { path: next, kind, external } of outputs[path]?.imports ?? [])
      if (kind === "import-statement" && external !== true && !reached.includes(next)) reached.push(next)
  return reached
}

/** The package of a module: `node_modules/a/node_modules/@b/c/index.js` belongs to `@b/c`. */
function moduleName(input: string): string {
  const inPackage = input.slice(input.lastIndexOf("node_modules/") + "node_modules/".length)
  const [scope = "", name = ""] = inPackage.split("/")
  return input.includes("node_modules/") ? (scope.startsWith("@") ? `${scope}/${name}` : scope) : input
}
