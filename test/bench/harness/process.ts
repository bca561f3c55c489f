import { spawn } from "node:child_process"
import { once } from "node:events"
import { performance } from "node:perf_hooks"
import { Readable } from "node:stream"
import { text } from "node:stream/consumers"

/** The cost of a whole process. */
export interface ProcessCost {
  readonly wallMs: number
  /** User and system time of the process and its children; NaN without a shell. */
  readonly cpuMs: number
  readonly stdout: string
}

/** Runs a program to its end and returns its cost. A program that fails throws an error with its output. */
export async function timedProcess(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProcessCost> {
  const begin = performance.now()
  // The shell adds the same few milliseconds to both sides. `times` is the portable way to a child's CPU time.
  const child = spawn("/bin/sh", ["-c", '"$@"; code=$?; times >&3; exit $code', "sh", command, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  })
  const ended = once(child, "exit")
  const [stdout, stderr, times] = await Promise.all(child.stdio.slice(1).map(read))
  const [code, signal] = await ended
  const wallMs = performance.now() - begin
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}\n${stdout}${stderr}`)
  return { wallMs, cpuMs: childTime(times ?? ""), stdout: stdout ?? "" }
}

function read(stream: unknown): Promise<string> {
  if (!(stream instanceof Readable)) throw new Error("the process has no such output")
  return text(stream)
}

/** Reads the second line of `times`, `0m1.234s 0m0.123s`: user and system time of the children. */
function childTime(times: string): number {
  const parts = [...(times.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)]
  if (parts.length === 0) return Number.NaN
  return parts.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60_000 + Number(rest) * 1000, 0)
}
