import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { beforeAll, expect, test } from "vitest"
import { mergeChunks } from "../../tools/merge-chunks.ts"
import { compiled } from "../compiled.ts"
import { type Bundle, bundle } from "./bundle.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const peers = Object.keys(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).peerDependencies)
const run = promisify(execFile)

/** The most kilobytes, minified and gzipped, including all packages. */
const rootKilobytes = 45
const pipelineKilobytes = 35
/** The most CPU time, as a share of the time to import zod, because tests share their machine. */
const shareOfZod = 0.5

let whole: Bundle
beforeAll(async () => {
  whole = await bundle('export * from "./src/index.ts"', root, "split")
})

test("the root does not include an optional peer, not even lazily", () => {
  expect(whole.loaded).toContain("src/index.ts")
  expect([...whole.loaded, ...whole.lazy].filter((name) => peers.some((peer) => name === peer || name.startsWith("@aws-sdk/")))).toEqual([])
})

test("the root does not load zod, which the user provides", () => {
  expect(whole.loaded).not.toContain("zod")
})

test(`the root has at most ${rootKilobytes} kB`, () => {
  console.log(
    `root: ${whole.kilobytes.toFixed(1)} kB minified and gzipped, packages: ${whole.loaded.filter((name) => !name.startsWith("src/"))}`,
  )
  expect(whole.kilobytes).toBeGreaterThan(1)
  expect(whole.kilobytes).toBeLessThanOrEqual(rootKilobytes)
})

test(`a program that creates a pipeline has at most ${pipelineKilobytes} kB`, async () => {
  const { kilobytes, loaded } = await bundle(
    'import { createPipeline } from "./src/index.ts"; export const pipeline = createPipeline()',
    root,
    "split",
  )
  console.log(`createPipeline: ${kilobytes.toFixed(1)} kB minified and gzipped`)
  expect(loaded).toContain("src/pipeline/build/create-pipeline.ts")
  expect(kilobytes).toBeLessThanOrEqual(pipelineKilobytes)
})

test("a program with one normalizer bundles only code that reads cells: no stage, check, parser, sink or pipeline", async () => {
  const { loaded, kilobytes } = await bundle('import { cell } from "./src/index.ts"; export const name = cell.text()', root, "single")
  const rooms = new Set(loaded.filter((name) => name.startsWith("src/")).map((name) => name.split("/")[1]))
  expect([...rooms].sort()).toEqual(["cells", "errors", "index.ts", "model", "normalize", "options", "pipeline"])
  expect(loaded.filter((name) => name.startsWith("src/pipeline/"))).toEqual(["src/pipeline/namespaces/cell.ts"])
  expect(kilobytes).toBeLessThanOrEqual(19.5)
})

test("a program without a namespace bundles none", async () => {
  const { loaded } = await bundle('import { Duration } from "./src/index.ts"; export const day = new Duration(86_400_000)', root, "single")
  expect(loaded).toEqual(["program.ts", "src/index.ts", "src/model/clock-text.ts", "src/model/duration.ts"])
})

test("a program bundles only the checks that it uses", async () => {
  const { loaded, kilobytes } = await bundle('import { luhn } from "./src/checks.ts"; export const card = luhn("card")', root, "single")
  const checks = loaded.filter((name) => name.startsWith("src/checks/"))
  expect(checks).toEqual(
    ["checksums/checksum-rule.ts", "checksums/luhn.ts", "cell-text.ts", "text-rule.ts"].map((name) => `src/checks/${name}`).sort(),
  )
  expect(loaded.filter((name) => name.startsWith("src/cells/checksums/"))).toEqual(
    ["checksum.ts", "luhn.ts"].map((name) => `src/cells/checksums/${name}`),
  )
  expect(kilobytes).toBeLessThanOrEqual(5)
  expect(whole.loaded.filter((name) => name.startsWith("src/checks"))).toEqual([])
})

test("importing the root is quick compared with importing zod", async () => {
  const built = await compiled({ index: "src/index.ts" })
  await mergeChunks(built.folder, ["index.js"])
  const empty = join(built.folder, "empty.mjs")
  await writeFile(empty, "")
  const [nothing = [], ours = [], zods = []] = await importTimes(["empty.mjs", "index.js", "zod"], built.folder)
  const [milliseconds, zod] = [ours, zods].map((times) => Math.min(...times) - Math.min(...nothing)) as [number, number]
  console.log(`root: imported in ${milliseconds.toFixed(1)} ms of CPU time over an empty module, zod in ${zod.toFixed(1)} ms`)
  expect(milliseconds).toBeGreaterThan(0)
  expect(milliseconds / zod).toBeLessThanOrEqual(shareOfZod)
})

test("a bundle that loads a peer is detected", async () => {
  const { loaded, lazy } = await bundle('import "pg"; export const later = () => import("p-limit")', root, "split")
  expect(loaded).toContain("pg")
  expect(lazy).toContain("p-limit")
  expect(loaded).not.toContain("p-limit")
})

/** The import times of each module, measured several times in turn. */
async function importTimes(modules: readonly string[], folder: string): Promise<readonly number[][]> {
  const times: number[][] = modules.map(() => [])
  for (let round = 0; round < 5; round++)
    for (const [at, each] of modules.entries()) times[at]?.push(await importMilliseconds(each, folder))
  return times
}

async function importMilliseconds(module: string, folder: string): Promise<number> {
  const program = `
    const start = process.cpuUsage()
    await import(${JSON.stringify(module.includes(".") ? `file://${join(folder, module)}` : module)})
    const { user, system } = process.cpuUsage(start)
    console.log((user + system) / 1000)`
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder })
  return Number(stdout)
}
