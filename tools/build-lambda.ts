import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import { argv } from "node:process"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build, type Metafile } from "esbuild"
import { zipSync } from "fflate"
import { directBarrels } from "./direct-barrels.ts"
import { directFaces } from "./direct-faces.ts"
import { type FunctionName, type LambdaFunction, lambdaFunctions } from "./lambda-functions.ts"
import { leaveOut } from "./leave-out.ts"
import { mergeChunks } from "./merge-chunks.ts"
import { slimPg } from "./slim-pg.ts"
import { slimSdk } from "./slim-sdk.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/**
 * Bundles a function: `NAME.zip` with everything that it needs, for the handler `index.handler`, and a folder `NAME` with the same files and their source
 * maps. The same sources give the same bytes.
 */
export async function buildFunction(entry: string, name: FunctionName, out: string): Promise<void> {
  const described: LambdaFunction = lambdaFunctions[name]
  const folder = join(out, name)
  await rm(folder, { recursive: true, force: true })
  const options = {
    minify: true,
    sourcemap: "linked",
    target: "node20",
    outExtension: { ".js": ".mjs" },
  } as const
  const { metafile } = await build({
    ...options,
    metafile: true,
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    // The ES modules of a package, where it has some: the SDK's are a quarter smaller.
    mainFields: ["module", "main"],
    loader: { ".sql": "text" },
    // rowgate and pg import these when they are asked to, which a function does not.
    external: ["exceljs", "@electric-sql/pglite", "jiti", "pg-native"],
    plugins: [leaveOut(name, described, root), directFaces(), slimSdk(), slimPg(), directBarrels()],
    logLevel: "warning",
  })
  const loads = described.loads.map((module) => outputOf(module, metafile))
  await mergeChunks(folder, ["index.mjs", ...loads], { ...options, banner: { js: requireBanner } }, { inTurn: true })
  await writeFile(join(out, `${name}.zip`), await zip(folder))
}

/** The file that an `import()` of the module loads. */
function outputOf(module: string, { outputs }: Metafile): string {
  const isModule = (entry: string | undefined) => entry === module || entry?.startsWith(`node_modules/${module}/`) === true
  const found = Object.keys(outputs).find((path) => isModule(outputs[path]?.entryPoint))
  if (found === undefined) throw new Error(`The function does not import ${module}.`)
  return basename(found)
}

/** pg is CommonJS: it requires modules of Node when it runs. */
const requireBanner = 'import{createRequire as rowgateRequire}from"node:module";const require=rowgateRequire(import.meta.url);'

async function zip(folder: string): Promise<Uint8Array> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".mjs")).sort()
  const files = await Promise.all(names.map(async (name) => [name, withoutMap(await readFile(join(folder, name), "utf8"))] as const))
  // The earliest time that a zip can hold, so that the same files give the same archive.
  return zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(1980, 0, 1) })
}

function withoutMap(source: string): Uint8Array {
  return Buffer.from(source.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"))
}

if (import.meta.url === pathToFileURL(resolve(argv[1] ?? "")).href) {
  const out = join(root, "dist-lambda")
  await mkdir(out, { recursive: true })
  for (const name of Object.keys(lambdaFunctions) as FunctionName[]) {
    await buildFunction(`examples/lambda/${name}.ts`, name, out)
    const { length } = await readFile(join(out, `${name}.zip`))
    console.log(`dist-lambda/${name}.zip  ${(length / 1_000).toFixed(0)} kB`)
  }
}
