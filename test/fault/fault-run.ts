import { type CrashFault, type CrashOptions, type CrashResult, crashTrials, postgresFaults, processFaults } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"

/**
 * `ROWGATE_FAULT_SCALE=0.1 npm run test:fault` makes a tenth of all trials, `ROWGATE_FAULT_SEED` repeats a run, `ROWGATE_FAULT_ONLY=SIGSTOP`
 * makes the trials of faults whose name matches.
 */
const scale = Number(process.env["ROWGATE_FAULT_SCALE"] ?? 1)
const seed = Number(process.env["ROWGATE_FAULT_SEED"] ?? 20_261_122)
const only = new RegExp(process.env["ROWGATE_FAULT_ONLY"] ?? "")

const lines: string[] = []

type Options = Omit<CrashOptions<LoaderSettings>, "scale" | "seed" | "onResult" | "faults"> & {
  readonly faults: readonly CrashFault<LoaderSettings>[]
  /** Part of what all faults are called in the summary. */
  readonly title: string
}

/** Faults whose trials mostly wait: for a load to be given up, for an answer. */
const waiting = /SIGSTOP|deaf|stalls/

/**
 * Makes trials, notes a line for the summary about each fault, and gives everything that was broken. While trials wait, those of faults that
 * do not are made.
 */
export async function faultRun({ faults, ...options }: Options): Promise<readonly string[]> {
  const parts = [faults.filter(({ name }) => waiting.test(name)), faults.filter(({ name }) => !waiting.test(name))]
  return (await Promise.all(parts.map((part) => tried({ ...options, faults: part })))).flat()
}

async function tried({ title, faults, ...options }: Options): Promise<readonly string[]> {
  const named = faults.map((fault) => ({ ...fault, name: `${title}: ${fault.name}` })).filter(({ name }) => only.test(name))
  if (named.length === 0) return []
  const results = await crashTrials<LoaderSettings>({
    ...options,
    faults: named,
    scale,
    seed,
    onResult: (result) => {
      lines.push(lineOf(result))
      process.stdout.write(`${lineOf(result)}\n`)
    },
  })
  return results.flatMap(({ fault, findings }) => findings.map(({ trial, broken }) => `${fault}, trial ${trial}: ${broken.join("; ")}`))
}

/**
 * What the kit tries on sinks of all kinds, and the faults of the network try here from nearer: every message is a point at which loaders
 * are killed 25 times, and between two calls of the sink lie many.
 */
const sharesOfAppend: Shares = {
  "SIGKILL around every call of the sink": 0.2,
  "SIGSTOP until another has loaded": 0.25,
  "a call of the sink fails": 0.5,
  "abort at every batch": 0.5,
  "any answer lost": 0.5,
}
/** In the other ways of loading, what is done to the process counts: what passes over the wire is much the same. */
const sharesOfOthers: Shares = {
  "SIGKILL at random times": 0.1,
  "SIGSTOP until another has loaded": 0.25,
  "ten loaders at once": 0.03,
}

interface Shares {
  readonly [fault: string]: number
}

/** All faults of the kit, for loaders that append. */
export function appendFaults(): readonly CrashFault<LoaderSettings>[] {
  return allFaults((name) => sharesOfAppend[name] ?? 1)
}

/** All faults of the kit, for loaders that load in another way. */
export function otherFaults(): readonly CrashFault<LoaderSettings>[] {
  return allFaults((name) => sharesOfOthers[name] ?? 0.02 * (sharesOfAppend[name] ?? 1))
}

function allFaults(share: (name: string) => number): readonly CrashFault<LoaderSettings>[] {
  return [...processFaults<LoaderSettings>(), ...postgresFaults<LoaderSettings>()].map(({ trials, ...fault }) => ({
    ...fault,
    trials: (clean) => share(fault.name) * (typeof trials === "number" ? trials : trials(clean)),
  }))
}

/** A line for the summary about what could not be tried. */
export function note(line: string): void {
  lines.push(line)
}

/** One line a fault, and one for all. */
export function summary(): string {
  return [
    "",
    "faults: name, trials, broken trials, trials that hit no claimed load and do not count, seconds",
    ...lines,
    `seed ${seed}, scale ${scale}`,
    "",
  ].join("\n")
}

function lineOf({ fault, trials, missed, findings, points, ms }: CrashResult): string {
  const numbers = [trials, findings.length, missed, (ms / 1000).toFixed(1)].map((value) => String(value).padStart(7)).join("")
  return [`${fault.padEnd(62)}${numbers}`, ...pointLines(points)].join("\n")
}

/** Points of a fault that were tried equally often share a line. */
function pointLines(points: CrashResult["points"]): readonly string[] {
  const times = [...new Set(points.values())].sort((one, other) => other - one)
  return times.map((count) => {
    const names = [...points].filter(([, times]) => times === count).map(([name]) => name.slice(0, 40))
    return `    ${count} at each of ${names.length}: ${names.join(" | ")}`
  })
}
