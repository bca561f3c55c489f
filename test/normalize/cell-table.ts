import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { CellError } from "../../src/model/cell-error.ts"
import { Duration } from "../../src/model/duration.ts"
import { TimeOfDay } from "../../src/model/time-of-day.ts"

/** One entry of a table in `docs/cells.md`: a cell, what its column declares, and the result. */
export interface CellCase {
  readonly cell: string
  readonly declared: string
  readonly result: string
}

const page = readFileSync(fileURLToPath(new URL("../../docs/cells.md", import.meta.url)), "utf8")

/** The entries of all tables below a heading of the page. */
export function cellCases(heading: string): CellCase[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ""
  return [...section.matchAll(/(?:^\|.*\n)+/gm)].flatMap(([table]) => {
    const [head = [], , ...rows] = table.trim().split("\n").map(cellsOfLine)
    return rows.flatMap(([cell = "", ...results]) => results.map((result, at) => ({ cell, declared: head[at + 1] ?? "", result })))
  })
}

function cellsOfLine(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`|`$/g, ""))
}

/** The value of a cell as the page writes it. Texts that are not values, such as issue codes, are kept and marked. */
export function readCell(written: string): unknown {
  const [word = "", rest = ""] = written.split(" ")
  if (word === "time") return new TimeOfDay(clockMs(rest))
  if (word === "duration") return new Duration(clockMs(rest))
  if (word === "error") return new CellError(rest)
  if (/^\d{4}-\d\d-\d\d/.test(written)) return new Date(written)
  return /^[a-z]+\.[a-z_]+$|^required$|^absent$/.test(written) ? { outcome: written } : JSON.parse(written)
}

function clockMs(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(":").map(Number)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}
