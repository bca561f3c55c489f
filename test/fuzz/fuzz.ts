import { env } from "node:process"
import { expect } from "vitest"
import { hangWatch } from "./hang-watch.ts"
import { Random } from "./random.ts"

/** What became of one made-up file. */
export interface Tried {
  /** What it gave, or the code that it was refused with. */
  readonly outcome: string
  /** How it was taken otherwise than it must be. */
  readonly fault: string | undefined
}

/** Makes a file of random numbers and reads it. What it throws is a fault. */
export type TryFile = (random: Random) => Promise<Tried>

/** What a fuzz run came to. */
export interface FuzzRun {
  readonly files: number
  readonly outcomes: { readonly [outcome: string]: number }
  /** Each with the seed that shows it again. */
  readonly faults: readonly { readonly seed: number; readonly fault: string }[]
}

/** Until when a run goes on. */
export interface FuzzLength {
  readonly files?: number
  readonly seconds?: number
}

/** Processor time in which any of the small files has to be read: what else the machine does is not counted. */
const slowMs = 5000

const enoughFaults = 10

/** Reads made-up files, each with a seed of its own, counted up from the first. */
export async function fuzz(
  tryFile: TryFile,
  seed: number,
  { files: most = Number.POSITIVE_INFINITY, seconds }: FuzzLength,
): Promise<FuzzRun> {
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000
  const outcomes: { [outcome: string]: number } = {}
  const faults: { seed: number; fault: string }[] = []
  const watch = hangWatch()
  let files = 0
  while (files < most && performance.now() < until && faults.length < enoughFaults) {
    const own = seed + files++
    watch.begin(own)
    const begun = process.cpuUsage()
    const { outcome, fault } = await tryFile(new Random(own)).catch(escaped)
    const { user, system } = process.cpuUsage(begun)
    const ms = Math.round((user + system) / 1000)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    if (fault !== undefined) faults.push({ seed: own, fault })
    else if (ms > slowMs) faults.push({ seed: own, fault: `took ${ms} ms` })
  }
  await watch.end()
  return { files, outcomes, faults }
}

/** Fuzzes for a minute, or as `ROWGATE_FUZZ_SECONDS` and `ROWGATE_FUZZ_SEED` say: the seed of a fault shows it again, first of all. */
export async function fuzzMinute(format: string, tryFile: TryFile): Promise<void> {
  const seconds = Number(env["ROWGATE_FUZZ_SECONDS"] ?? 60)
  const seed = Number(env["ROWGATE_FUZZ_SEED"] ?? Date.now() % 2 ** 31)
  const { files, outcomes, faults } = await fuzz(tryFile, seed, { seconds })
  process.stdout.write(`${format}: ${files} files from seed ${seed}, ${faults.length} faults, ${JSON.stringify(outcomes)}\n`)
  expect(faults).toEqual([])
}

const escaped = (error: unknown): Tried => ({
  outcome: "escaped",
  fault: `escaped ${error instanceof Error ? error.stack : String(error)}`,
})
