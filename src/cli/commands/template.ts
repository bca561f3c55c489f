import { access } from "node:fs/promises"
import { resolve } from "node:path"
import { counted } from "../../errors/counted.ts"
import type { ColumnGuide } from "../../model/column-guide.ts"
import { tableGuides } from "../../postgres/operations/table-guides.ts"
import { templateWorkbook } from "../../report/template-workbook.ts"
import type { Command, CommandCall } from "../command.ts"
import { contractGuides } from "../contract-guides.ts"
import { exitCode } from "../exit-code.ts"
import { configuration, contractOf } from "../ingest-settings.ts"
import { ledgerOptions, withLedger } from "../ledger-target.ts"
import { requireWritable } from "../output-file.ts"
import { parseTable } from "../table-name.ts"
import { usageError } from "../usage-error.ts"
import { visibleText } from "../visible-text.ts"

/** `rowgate template` */
export const template: Command = {
  name: "template",
  operands: "",
  about: "Writes a workbook to fill in, for a schema or a table: header, drop-downs, rules and a sheet that explains them.",
  notes: ["Without --schema and --table, it takes the schema of the configuration's pipeline. It needs exceljs."],
  options: {
    schema: { value: "FILE", about: "module that exports the schema of the rows" },
    table: { value: "TABLE", about: "the table that the rows are for, as TABLE or SCHEMA.TABLE" },
    out: { value: "FILE", about: "the file to write (default: template.xlsx)" },
    force: { about: "replace the file if it exists" },
    ...ledgerOptions,
  },
  async run(call) {
    const { args, io } = call
    if (args.operands.length > 0)
      throw usageError("template takes no file. Name the schema with --schema, or a table with --table.", "template")
    const out = resolve(io.cwd, args.text("out") ?? "template.xlsx")
    const isThere = await access(out).then(
      () => true,
      () => false,
    )
    if (isThere && !args.flag("force"))
      throw usageError(`${visibleText(out, 200)} exists. Use --force to replace it, or --out to write another file.`, "template")
    await requireWritable(out, "out", "template")
    const table = args.text("table")
    const { columns, filled } = table === undefined ? await fromContract(call) : await fromTable(call, table)
    await templateWorkbook(out, columns)
    const required = columns.filter((column) => column.required).length
    await io.stdout.lines([
      `${counted(columns.length, "column")}, ${required} required: ${out}`,
      ...(filled.length === 0
        ? []
        : [`left out, because the database fills them: ${filled.map((name) => visibleText(name, 40)).join(", ")}`]),
    ])
    return exitCode.ok
  },
}

interface Guides {
  readonly columns: readonly ColumnGuide[]
  readonly filled: readonly string[]
}

async function fromContract({ args, io }: CommandCall): Promise<Guides> {
  const contract = await contractOf(args.text("schema"), await configuration(args, io.cwd, "template"), io.cwd)
  if (contract.kind === "inferred") throw usageError("Name the schema with --schema, or a table with --table.", "template")
  const columns = contractGuides(contract)
  if (columns.length > 0) return { columns, filled: [] }
  throw usageError(
    "The schema does not tell its columns. Give one of a row, such as z.object({ ... }), or a table with --table.",
    "template",
  )
}

async function fromTable(call: CommandCall, name: string): Promise<Guides> {
  if (call.args.has("schema")) throw usageError("Use either --schema or --table.", "template")
  const { schema, table } = parseTable(name, "template")
  return withLedger(call, "template", (pool) => tableGuides(pool, table, { schema }))
}
