import { bytes, createPipeline, memory, type RunReport } from "rowgate"
import { inferContract, type ProposedColumn } from "rowgate/profile"

/** What became of a column that nobody has described. */
export interface ReadColumn {
  readonly column: ProposedColumn
  readonly values: readonly unknown[]
  readonly report: RunReport
}

/** Writes the cells into a csv file beside a column of row numbers, infers the contract of the file, and reads the file by it. */
export async function readInferred(cells: readonly string[], name = "value"): Promise<ReadColumn> {
  const lines = cells.map((cell, at) => `${at + 1};"${cell.replaceAll('"', '""')}"`)
  const source = bytes(`row;${name}\n${lines.join("\n")}\n`)
  const { proposal, columns, expected } = await inferContract(source)
  const column = proposal.columns.find((each) => each.name === name)
  if (column === undefined) throw new Error(`No column ${name}: ${proposal.columns.map((each) => each.name).join(", ")}`)
  const sink = memory<{ readonly [name: string]: unknown }>()
  const pipeline = createPipeline({ name: "inferred" }).from(source).normalize({ columns }).score({ expected, provisional: true })
  const report = await pipeline.into(sink).run()
  return { column, values: sink.rows.map((row) => row[name]), report }
}
