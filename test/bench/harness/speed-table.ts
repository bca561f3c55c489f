import { type BenchLine, speedOf } from "./line.ts"

/** The circumstances of a measurement. */
export interface Machine {
  readonly node: string
  readonly cores: string
  /** The load average for each core when the measurement began. The build before it takes up to one core. */
  readonly load: number
  readonly date: Date
  /** How often each side was measured. */
  readonly repeats: number
}

const start = "<!-- speed: written by npm run bench -- --readme -->"
const end = "<!-- end of speed -->"

/** The page with the table of these results in place of the old one. */
export function withSpeedTable(page: string, lines: readonly BenchLine[], machine: Machine): string {
  const [before, rest] = page.split(start)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`The page has no place for the table: the lines ${start} and ${end}.`)
  const rows = lines.filter(({ told }) => told !== undefined)
  if (rows.length === 0) throw new Error("None of these measurements is told in the table. Run P1, P4 or P6.")
  return `${before}${start}\n${table(rows)}\n\n${caption(machine)}\n${end}${after}`
}

function table(lines: readonly BenchLine[]): string {
  const rows = lines.map((line) => [line.told?.task, line.ours, `${line.told?.peer}: ${line.peer}`, `${speedOf(line).toFixed(1)} x`])
  return [["Task", "rowgate", "Other tool", "Speed of rowgate"], ["---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n")
}

function caption({ node, cores, load, date, repeats }: Machine): string {
  const measured = `Median of ${repeats} runs on ${date.toISOString().slice(0, 10)}, Node ${node}, ${cores}.`
  if (load < 1) return measured
  return `${measured} Other programs were busy on the machine (load average ${load.toFixed(1)} for each core), which distorts these figures.`
}
