import { autoParser } from "../../parsers/auto.ts"
import { createPipeline } from "../../pipeline/build/create-pipeline.ts"
import { inferContract } from "../../pipeline/tables/infer.ts"
import { ObservedTable } from "../../profile/rules/observed-table.ts"
import { proposeRules } from "../../profile/rules/propose-rules.ts"
import { file } from "../../sources/file.ts"
import { type ContractColumn, contractColumn } from "./contract-column.ts"
import type { ContractParts } from "./contract-source.ts"

/** How a file is read, as the command line says. */
export interface ReadingOptions {
  readonly sheet: string | undefined
  readonly path: string | undefined
  readonly header: number | false | undefined
}

/** Rows beyond these are not observed: rules need numbers side by side, in memory. */
const mostRows = 1_000_000

/** What a file shows: kinds from a sample of its first table, then rules from all rows, which are read as the contract will read them. */
export async function observeFile(
  path: string,
  { sheet, path: pointer, header }: ReadingOptions,
  signal: AbortSignal,
): Promise<Pick<ContractParts, "proposed" | "columns" | "observed" | "rules"> & { readonly format: string | undefined }> {
  const source = file(path)
  const parser = autoParser({ csv: { header }, json: { path: pointer, header }, ndjson: { header }, xlsx: { sheet, header } })
  const { proposal } = await inferContract(source, { parser, signal })
  const columns = proposal.columns.map(contractColumn)
  const observed = new ObservedTable(columns)
  const normalizers = Object.fromEntries(columns.map(({ name, normalizer }: ContractColumn) => [name, normalizer]))
  let format: string | undefined
  const rows = createPipeline({ name: "init" }).from(source).parse(parser).normalize({ columns: normalizers })
  for await (const batch of rows.batches({ signal })) {
    if (batch.table.name !== proposal.table) break
    const found = batch.table.facts?.["format"]
    format ??= typeof found === "string" ? found : undefined
    observed.add(batch)
    if (observed.rows >= mostRows) break
  }
  return { proposed: proposal.columns, columns, observed, rules: proposeRules(observed), format }
}
