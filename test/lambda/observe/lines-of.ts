import { stderr, stdout } from "node:process"
import { vi } from "vitest"

/** A line of a log, as JSON. */
export interface Line {
  readonly [name: string]: unknown
}

/** Does some work, and returns the lines that it wrote. */
export async function linesOf(work: () => unknown): Promise<readonly Line[]> {
  let text = ""
  // Powertools writes warnings and errors to stderr.
  const spies = [stdout, stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      text += String(chunk)
      return true
    }),
  )
  try {
    await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line)
}
