import { mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { type ProcessCost, timedProcess } from "./process.ts"

/** Compiled programs are inside the project, so that `import "rowgate"` means its own build, as in a user's project. */
const compiled = new URL("../../../.rowgate/bench/programs/", import.meta.url)
const compiling = new Map<string, Promise<string>>()

/** What a program reports about its own work, in addition to the cost of its process. */
export interface ProgramCost<R> extends ProcessCost {
  /** The duration of the work alone, without start and imports. */
  readonly workMs: number
  /** The largest resident set of the process. */
  readonly maxRssMb: number
  readonly result: R
}

/** How to compile and run a program. */
export interface ProgramOptions {
  /** Bundles the sources as `rowgate`, for a program that needs more than it exports. Default: the build. */
  readonly sources?: boolean | undefined
  readonly nodeFlags?: readonly string[] | undefined
}

/** Compiles `children/NAME.ts` and runs it in a separate Node process. */
export async function program<R>(name: string, input: object, options: ProgramOptions = {}): Promise<ProgramCost<R>> {
  const file = await compile(name, options.sources === true)
  const cost = await timedProcess(process.execPath, [...(options.nodeFlags ?? []), file, JSON.stringify(input)])
  const said = JSON.parse(cost.stdout.trim().split("\n").at(-1) ?? "")
  return { ...cost, ...said }
}

const bundling = {
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  loader: { ".sql": "text" },
} as const

/** Bundles once per run, so that neither tsx nor type stripping is measured. */
function compile(name: string, sources: boolean): Promise<string> {
  const known = compiling.get(name)
  if (known !== undefined) return known
  const outfile = fileURLToPath(new URL(`${name}.mjs`, compiled))
  const entry = fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url))
  const done = mkdir(compiled, { recursive: true })
    // The paths in the project's tsconfig make `rowgate` mean the sources.
    .then(() => build({ ...bundling, ...(sources ? {} : { tsconfigRaw: {} }), entryPoints: [entry], outfile }))
    .then(() => outfile)
  compiling.set(name, done)
  return done
}
