import { counted } from "../../errors/counted.ts"
import type { ProposedColumn } from "../../profile/proposal.ts"
import { remarkWithRows } from "../../profile/remark.ts"
import type { ObservedTable } from "../../profile/rules/observed-table.ts"
import type { ProposedRule } from "../../profile/rules/proposed-rule.ts"
import type { ContractColumn } from "./contract-column.ts"
import { propertyNames } from "./property-names.ts"
import { cellList, checkName, type RuleColumn, ruleSource, shownValue } from "./rule-source.ts"
import { comment, literal, quote, rowList } from "./source-text.ts"

/** What a contract is written from. */
export interface ContractParts {
  /** The name of the file, without its folder. */
  readonly file: string
  /** The table that rows go into. */
  readonly table: string
  /** The call of a parser with the options that were given, and where it is imported from. Undefined if the format is detected. */
  readonly parser: { readonly call: string; readonly name: string; readonly from: string } | undefined
  readonly proposed: readonly ProposedColumn[]
  readonly columns: readonly ContractColumn[]
  readonly observed: ObservedTable
  readonly rules: readonly ProposedRule[]
}

/** The text of a configuration: a zod schema, normalizers and checks, each below its evidence. It is TypeScript and JavaScript at once. */
export function contractSource(parts: ContractParts): string {
  const { columns, rules, parser, table } = parts
  const properties = propertyNames(columns.map(({ name }) => name))
  const required = new Set(rules.flatMap((rule) => (rule.kind === "required" && rule.thin === undefined ? [rule.column] : [])))
  const ruleColumns = new Map(
    columns.map(({ name, kind }, at) => [name, { property: properties[at] ?? name, kind, isRequired: required.has(name) }]),
  )
  const columnOf = (name: string): RuleColumn => ruleColumns.get(name) ?? { property: name, kind: "text", isRequired: false }
  const checks = rules.flatMap((rule) => (rule.kind === "required" ? [] : ruleSource(rule, columnOf)))
  const imports = [
    ...(usesOf(
      "cell",
      columns.map(({ source }) => source ?? ""),
    )
      ? ["cell"]
      : []),
    ...(usesOf("check", checks) ? ["check"] : []),
    ...(parser?.from === "rowgate" ? [parser.name] : []),
  ]
  const named = [...new Set(rules.flatMap((rule) => (rule.thin === undefined ? (checkName(rule) ?? []) : [])))].sort()
  return [
    ...opening(parts),
    ...(imports.length === 0 ? [] : [`import { ${imports.join(", ")} } from "rowgate"`]),
    ...(named.length === 0 ? [] : [`import { ${named.join(", ")} } from "rowgate/checks"`]),
    'import { defineConfig } from "rowgate/cli"',
    ...(parser === undefined || parser.from === "rowgate" ? [] : [`import { ${parser.name} } from ${literal(parser.from)}`]),
    'import { z } from "zod"',
    "",
    "export const Row = z.object({",
    ...columns.flatMap((column, at) => indented(1, schemaLines(column, at, properties[at] ?? "", parts))),
    "})",
    "",
    "export default defineConfig({",
    `  table: ${literal(table)},`,
    "  pipeline: (files) =>",
    "    files",
    ...(parser === undefined ? [] : [`      .parse(${parser.call})`]),
    ...indented(3, normalizeLines(columns, properties)),
    "      .validate(Row)",
    ...indented(3, checks),
    "})",
    "",
  ].join("\n")
}

/** How many rows of a footer are named. */
const mostFooterRows = 10

function usesOf(name: string, lines: readonly string[]): boolean {
  return lines.some((line) => !line.trimStart().startsWith("//") && line.includes(`${name}.`))
}

/** Says where the contract is from, and which rows it rejects. */
function opening({ file, observed }: ContractParts): readonly string[] {
  const rejected = observed.unread.map(({ column, message, count, rows }) => {
    return comment(
      `- ${counted(count, "row")}${column === undefined ? "" : `, column ${quote(column)}`}: ${message} (${rowList(rows, count)})`,
    )
  })
  return [
    comment(`A contract for files like ${quote(file)}, proposed by rowgate init from its ${counted(observed.rows, "row")}.`),
    comment("Review it: comments say what speaks for each rule. Rules with thin evidence are commented out."),
    ...(rejected.length === 0
      ? []
      : [comment(`Of these rows, ${counted(observed.rejected, "row")} cannot be read and will be rejected:`), ...rejected]),
    ...footerLines(observed.footer),
    "",
  ]
}

/** Names the totals and notes, so that the reader can decide about them. */
function footerLines(rows: readonly number[]): readonly string[] {
  if (rows.length === 0) return []
  const which = rowList(rows.slice(0, mostFooterRows), rows.length)
  const [are, them] = rows.length === 1 ? ["is a total or a note", "it"] : ["are totals or notes", "them"]
  return [
    comment(`${which.replace("row", "Row")} ${are} below the table. No rule is from ${them}, and rules may reject ${them}.`),
    comment(`csv({ footer: "drop" }) and xlsx({ footer: "drop" }) leave ${them} out.`),
  ]
}

function schemaLines(
  column: ContractColumn,
  at: number,
  property: string,
  { proposed, observed, rules }: ContractParts,
): readonly string[] {
  const { name, kind, type, doubt } = column
  const seen = observed.columns[at]
  const [required] = rules.filter((rule) => rule.kind === "required" && rule.column === name)
  const { odd, remarks = [] } = proposed[at] ?? {}
  const isRequired = required !== undefined && required.thin === undefined
  const { filled = 0, empty = 0, least = 0, greatest = -1 } = seen ?? {}
  const range = least > greatest ? "" : `, ${shownValue(least, kind)} to ${shownValue(greatest, kind)}`
  const fill =
    filled === 0
      ? "empty in all rows"
      : empty === 0
        ? `filled in all ${filled < observed.rows ? `${filled} readable rows` : counted(filled, "row")}`
        : `empty in ${counted(empty, "row")}, filled in ${filled}`
  const thin = required?.thin === undefined ? "" : ` Not required: ${required.thin}.`
  const noted = isRequired && empty > 0 ? ` Rejected: ${rowList(required.exceptionRows, required.exceptions)}.` : ""
  return [
    comment(`${quote(name)}: ${kind}, ${fill}${range}.${thin}${noted}`),
    ...(doubt === undefined ? [] : [comment(`Text: ${doubt}`)]),
    ...remarks.map((each) => comment(remarkWithRows(each))),
    ...(odd === undefined || odd.cells === 0 ? [] : [comment(`${counted(odd.cells, "cell")} cannot be read: ${cellList(odd.examples)}.`)]),
    `${property}: ${type}${isRequired ? "" : ".nullable()"},`,
  ]
}

function normalizeLines(columns: readonly ContractColumn[], properties: readonly string[]): readonly string[] {
  const headers = columns.flatMap(({ name }, at) => (name === properties[at] ? [] : [`    ${properties[at]}: [${literal(name)}],`]))
  const read = columns.flatMap(({ source }, at) => (source === undefined ? [] : [`    ${properties[at]}: ${source},`]))
  return [
    ".normalize({",
    "  // A column that a later file adds is left out, and the report names it. Others: freeze refuses the file, rejectRow sets aside the rows",
    "  // with a value in it, and evolve passes it on to the table.",
    '  unexpected: "discardColumn",',
    ...(headers.length === 0 ? [] : ["  headers: {", ...headers, "  },"]),
    ...(read.length === 0 ? [] : ["  columns: {", ...read, "  },"]),
    "})",
  ]
}

function indented(levels: number, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${"  ".repeat(levels)}${line}`)
}
