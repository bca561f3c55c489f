import { join } from "node:path"
import { expect, test } from "vitest"
import { measureCase } from "../measure-case.ts"
import { bombs, cases } from "./bombs.ts"

/** Limits of what a file may cost. */
const allowed = { cpuMs: 2000, grownBytes: 128 * 1024 * 1024, blockedMs: 200 }

const ends = Object.values(bombs).flatMap((bomb) => bomb.ends)

test.each(Object.keys(cases).map((name, at) => [name, ends[at]] as const))(
  "%s is read or refused with a code, in bounded time and memory",
  async (name, end) => {
    const measured = await measureCase(join(import.meta.dirname, "bombs.ts"), name)
    const { outcome, message, rows, cpuMs, grownBytes, blockedMs, leftFiles, leftHandles } = measured
    expect(outcome === "read" ? rows : outcome, message).toBe(end)
    if (end === "LIMIT_EXCEEDED") expect(message).toMatch(/limits\.\w+/)
    // Messages of packages or of JavaScript do not describe the file.
    expect(message).not.toMatch(/Invalid|offset is out|cannot read|undefined|NaN|is not a function/i)
    expect(
      [cpuMs <= allowed.cpuMs, grownBytes <= allowed.grownBytes, blockedMs <= allowed.blockedMs],
      `${cpuMs} ${grownBytes} ${blockedMs}`,
    ).toEqual([true, true, true])
    expect([leftFiles, leftHandles]).toEqual([[], []])
  },
)
