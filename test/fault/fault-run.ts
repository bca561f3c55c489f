import { type CrashFault, type CrashOptions, type CrashResult, crashTrials, postgresFaults, processFaults } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"

/**
 * `ROWGATE_FAULT_SCALE=0.1 npm run test:fault` runs a tenth of all trials, `ROWGATE_FAULT_SEED` repeats a run, and `ROWGATE_FAULT_ONLY=SIGSTOP`
 * runs only the faults whose name matches.
 */
const scale = Number(process.env["ROWGATE_FAULT_SCALE"] ?? 1)
const seed = Number(process.env["ROWGATE_FAULT_SEED"] ?? 20_261_122)
const only = new RegExp(process.env["ROWGATE_FAULT_ONLY"] ?? "")

const lines: string[] = []

type Options = Omit<CrashOptions<LoaderSettings>, "scale" | "seed" | "onResult" | "faults"> & {
  readonly faults: readonly CrashFault<LoaderSettings>[]
  /** The part of the name that all faults share in the summary. */
  readonly title: string
}

/** Faults whose trials mostly wait: for a load to be given up, or for an answer. */
const waiting = /SIGSTOP|deaf|stalls/

/** Runs trials, records a line for the summary about each fault, and returns everything that was broken. While some trials wait, others run. */
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
 * Some faults of the kit get fewer trials, because the network faults here cover the same ground in more detail: loaders are killed 25 times at
 * every message, and there are many messages between two calls of the sink.
 */
const sharesOfAppend: Shares = {
  "SIGKILL around every call of the sink": 0.2,
  "SIGSTOP until another has loaded": 0.25,
  "a call of the sink fails": 0.5,
  "abort at every batch": 0.5,
  "any answer lost": 0.5,
}
/** For the other ways of loading, faults of the process matter most, because the traffic on the network is much the same. */
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

/** Adds a line about something that could not be tried to the summary. */
export function note(line: string): void {
  lines.push(line)
}

/** One line for each fault, and one for all. */
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
