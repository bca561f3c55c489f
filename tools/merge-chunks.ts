import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { basename, extname, join, resolve } from "node:path"
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild"

type Output = Metafile["outputs"][string]

/**
 * Merges the chunks that are loaded with `faces`, so that importing one opens a few files and not fifty. esbuild makes a chunk for every combination of
 * entries and dynamic imports that share a module, and most are smaller than what it costs to open them. Chunks that the same faces load become one
 * file; what only `import()` loads keeps its own. All files of `folder` are output of esbuild, with splitting.
 *
 * `later` are files that only `import()` loads: the chunks that they load, and no face does, are merged in the same way.
 *
 * With `inTurn`, the faces are loaded together, so that there is one file for each of them: with what it loads, and no earlier one does.
 *
 * esbuild also imports chunks from which a file uses nothing, for what they might do when they are loaded. They do nothing, so these imports are removed.
 */
export async function mergeChunks(
  folder: string,
  faces: readonly string[],
  options: BuildOptions = {},
  { inTurn = false, later = [] }: { readonly inTurn?: boolean; readonly later?: readonly string[] } = {},
): Promise<void> {
  const extension = extname(faces[0] ?? "")
  await removeEmptyImports(folder, extension)
  const outputs = await readOutputs(folder, extension)
  const groups = groupsOf(outputs, faces, later, extension, inTurn)
  const fileOf = new Map([...groups].flatMap(([file, chunks]) => chunks.map((chunk) => [chunk, file] as const)))
  const common = { ...options, bundle: true, format: "esm", platform: "node", write: false, logLevel: "error" } as const
  const stub = stubs(outputs, fileOf)
  const changed = [...outputs].filter(([name, { imports }]) => !fileOf.has(name) && imports.some(({ path }) => fileOf.has(basename(path))))
  const built = await Promise.all([
    build({ ...common, entryPoints: changed.map(([name]) => join(folder, name)), outdir: folder, plugins: [stub()] }),
    ...[...groups].map(([file, chunks]) =>
      build({
        ...common,
        stdin: {
          contents: chunks.map((chunk) => exportsOf(chunk, outputs, `./${chunk}`, renamed)).join("\n"),
          resolveDir: folder,
          sourcefile: file,
        },
        outfile: join(folder, file),
        plugins: [stub(file)],
      }),
    ),
  ])
  await Promise.all(built.flatMap(({ outputFiles }) => outputFiles.map(({ path, contents }) => writeFile(path, contents))))
  await Promise.all([...fileOf.keys()].flatMap((chunk) => [chunk, `${chunk}.map`]).map((name) => rm(join(folder, name), { force: true })))
}

/** Spaces take their place, so that source maps stay right. */
async function removeEmptyImports(folder: string, extension: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(extension)).map((name) => join(folder, name))
  for (const file of files) {
    const text = await readFile(file, "utf8")
    await writeFile(
      file,
      text.replace(emptyImport, (found) => " ".repeat(found.length)),
    )
  }
}

const emptyImport = /(?<=^|[;\n])import ?"\.\/[\w-]+\.m?js";?/g

async function readOutputs(folder: string, extension: string): Promise<Map<string, Output>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(extension))
  const { metafile } = await build({
    entryPoints: files.map((name) => join(folder, name)),
    bundle: true,
    format: "esm",
    platform: "node",
    outdir: resolve(folder, "unwritten"),
    write: false,
    metafile: true,
    plugins: [
      {
        name: "imports-only",
        setup({ onResolve }) {
          onResolve({ filter: /./ }, ({ path, kind }) => (kind === "entry-point" ? undefined : { path, external: true }))
        },
      },
    ],
  })
  return new Map(
    Object.values(metafile.outputs).flatMap((output) => (output.entryPoint === undefined ? [] : [[basename(output.entryPoint), output]])),
  )
}

/** The chunks of each merged file: those that the same faces load, or the same face first. */
function groupsOf(
  outputs: ReadonlyMap<string, Output>,
  faces: readonly string[],
  later: readonly string[],
  extension: string,
  inTurn: boolean,
): Map<string, string[]> {
  const loaders = new Map<string, string[]>()
  const note = (face: string, isOwn: (name: string) => boolean) => {
    for (const name of loadedWith(face, outputs))
      if (/^chunk-/.test(name) && isOwn(name)) loaders.set(name, [...(loaders.get(name) ?? []), face])
  }
  for (const face of faces) note(face, (name) => !(inTurn && loaders.has(name)))
  const early = new Set(loaders.keys())
  for (const face of later) note(face, (name) => !early.has(name))
  const keys = [...new Set([...loaders.values()].map(String))].sort()
  const groups = keys.map(
    (key, at) => [`core-${at + 1}${extension}`, [...loaders].flatMap(([name, by]) => (String(by) === key ? [name] : []))] as const,
  )
  return new Map(groups)
}

function loadedWith(face: string, outputs: ReadonlyMap<string, Output>): readonly string[] {
  const reached = [face]
  for (const name of reached)
    for (const { path, kind } of outputs.get(name)?.imports ?? [])
      if (kind === "import-statement" && path.startsWith("./") && !reached.includes(basename(path))) reached.push(basename(path))
  return reached
}

/** Chunks that were merged are replaced by what the merged file exports in their place; everything else stays an import. */
function stubs(outputs: ReadonlyMap<string, Output>, fileOf: ReadonlyMap<string, string>): (own?: string) => Plugin {
  return (own) => ({
    name: "merged-chunks",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path, kind, namespace }) => {
        if (kind === "entry-point") return undefined
        const file = namespace === "merged" || !path.startsWith("./") ? undefined : fileOf.get(basename(path))
        if (file === undefined) return { path, external: true }
        return file === own ? undefined : { path: basename(path), namespace: "merged", sideEffects: false }
      })
      onLoad({ filter: /./, namespace: "merged" }, ({ path }) => ({
        contents: exportsOf(path, outputs, `./${fileOf.get(path)}`, original),
      }))
    },
  })
}

function exportsOf(
  chunk: string,
  outputs: ReadonlyMap<string, Output>,
  from: string,
  form: (name: string, chunk: string) => string,
): string {
  const names = outputs.get(chunk)?.exports ?? []
  return names.length === 0
    ? `import ${JSON.stringify(from)}`
    : `export { ${names.map((name) => form(name, chunk)).join(", ")} } from ${JSON.stringify(from)}`
}

/** Two chunks may export different things by one name. */
const unique = (name: string, chunk: string) => `${name}_${basename(chunk, extname(chunk)).slice("chunk-".length)}`
const renamed = (name: string, chunk: string) => `${name} as ${unique(name, chunk)}`
const original = (name: string, chunk: string) => `${unique(name, chunk)} as ${name}`
