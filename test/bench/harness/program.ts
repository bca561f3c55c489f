import { mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { type ProcessCost, timedProcess } from "./process.ts"

/** Compiled programs lie inside the project, so that `import "rowgate"` means its own build, as a user's import would. */
const compiled = new URL("../../../.rowgate/bench/programs/", import.meta.url)
const compiling = new Map<string, Promise<string>>()

/** What a program said of its own work, beside what its process cost. */
export interface ProgramCost<R> extends ProcessCost {
  /** Time of the work alone, without start and imports. */
  readonly workMs: number
  /** Largest resident set of the process. */
  readonly maxRssMb: number
  readonly result: R
}

/** How a program is compiled and run. */
export interface ProgramOptions {
  /** `rowgate` is its sources, bundled, for a program that needs more of it than it exports. Default: its build. */
  readonly sources?: boolean | undefined
  readonly nodeFlags?: readonly string[] | undefined
}

/** Runs `children/NAME.ts`, compiled, in a Node process of its own. */
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
} as const

/** Bundled once a run: neither tsx nor type stripping is in what is measured. */
function compile(name: string, sources: boolean): Promise<string> {
  const known = compiling.get(name)
  if (known !== undefined) return known
  const outfile = fileURLToPath(new URL(`${name}.mjs`, compiled))
  const entry = fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url))
  const done = mkdir(compiled, { recursive: true })
    // The paths of the project's tsconfig make `rowgate` its sources.
    .then(() => build({ ...bundling, ...(sources ? {} : { tsconfigRaw: {} }), entryPoints: [entry], outfile }))
    .then(() => outfile)
  compiling.set(name, done)
  return done
}
