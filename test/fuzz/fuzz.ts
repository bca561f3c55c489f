import { env } from "node:process"
import { expect } from "vitest"
import { hangWatch } from "./hang-watch.ts"
import { Random } from "./random.ts"

/** The result for one generated file. */
export interface FuzzResult {
  /** What was read, or the error code. */
  readonly outcome: string
  /** What is wrong with the result; undefined if nothing is. */
  readonly failure: string | undefined
}

/** Generates a file from random numbers and reads it. An error that it throws is a failure. */
export type TryFile = (random: Random) => Promise<FuzzResult>

/** The result of a fuzz run. */
export interface FuzzRun {
  readonly files: number
  readonly outcomes: { readonly [outcome: string]: number }
  /** The failures, each with the seed that reproduces it. */
  readonly failures: readonly { readonly seed: number; readonly failure: string }[]
}

/** How long a run takes. */
export interface FuzzLength {
  readonly files?: number
  readonly seconds?: number
}

/** Most processor time for reading a file. It does not depend on what else the machine does. */
const slowMs = 5000

const enoughFailures = 10

/** Reads generated files. The first one uses the seed, and each next one a seed higher by 1. */
export async function fuzz(
  tryFile: TryFile,
  seed: number,
  { files: most = Number.POSITIVE_INFINITY, seconds }: FuzzLength,
): Promise<FuzzRun> {
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000
  const outcomes: { [outcome: string]: number } = {}
  const failures: { seed: number; failure: string }[] = []
  const watch = hangWatch()
  let files = 0
  while (files < most && performance.now() < until && failures.length < enoughFailures) {
    const own = seed + files++
    watch.begin(own)
    const begun = process.cpuUsage()
    const { outcome, failure } = await tryFile(new Random(own)).catch(escaped)
    const { user, system } = process.cpuUsage(begun)
    const ms = Math.round((user + system) / 1000)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    if (failure !== undefined) failures.push({ seed: own, failure })
    else if (ms > slowMs) failures.push({ seed: own, failure: `took ${ms} ms` })
  }
  await watch.end()
  return { files, outcomes, failures }
}

/** Fuzzes for a minute, or for `ROWGATE_FUZZ_SECONDS`. To reproduce a failure, set `ROWGATE_FUZZ_SEED` to its seed: its file is then the first. */
export async function fuzzMinute(format: string, tryFile: TryFile): Promise<void> {
  const seconds = Number(env["ROWGATE_FUZZ_SECONDS"] ?? 60)
  const seed = Number(env["ROWGATE_FUZZ_SEED"] ?? Date.now() % 2 ** 31)
  const { files, outcomes, failures } = await fuzz(tryFile, seed, { seconds })
  process.stdout.write(`${format}: ${files} files from seed ${seed}, ${failures.length} failures, ${JSON.stringify(outcomes)}\n`)
  expect(failures).toEqual([])
}

const escaped = (error: unknown): FuzzResult => ({
  outcome: "escaped",
  failure: `escaped ${error instanceof Error ? error.stack : String(error)}`,
})
