import { dayMs } from "../../cells/civil-date.ts"
import { counted } from "../../errors/counted.ts"
import type { ProposedRule } from "../../profile/rules/proposed-rule.ts"
import type { ContractColumn } from "./contract-column.ts"
import { comment, commentedOut, literal, literals, quote, rowList } from "./source-text.ts"

/** What a rule needs to know of its columns. */
export interface RuleColumn extends Pick<ContractColumn, "kind"> {
  readonly property: string
  readonly isRequired: boolean
}

type CheckRule = Exclude<ProposedRule, { kind: "required" }>

/** A check as lines of a chain of calls, below a comment with its evidence; commented out if the evidence is thin. */
export function ruleSource(rule: CheckRule, columnOf: (name: string) => RuleColumn): readonly string[] {
  const evidence = comment(`${evidenceText(rule, columnOf)}${rule.thin === undefined ? "" : ` Left out: ${rule.thin}.`}`)
  const lines = callOf(rule, columnOf)
  return [evidence, ...(rule.thin === undefined ? lines : commentedOut(lines))]
}

/** The function of `rowgate/checks` that a rule calls; undefined if it calls none of them. */
export function checkName(rule: ProposedRule): string | undefined {
  if (rule.kind === "checksum") return rule.check
  return { dependency: "dependsOn", requiredIf: "requiredIf" }[rule.kind as string]
}

function evidenceText(rule: CheckRule, columnOf: (name: string) => RuleColumn): string {
  const { rows, exceptions, exceptionRows } = rule
  const broken =
    exceptions === 0 ? "" : ` But not in ${rowList(exceptionRows, exceptions)}, which ${exceptions === 1 ? "is" : "are"} rejected.`
  switch (rule.kind) {
    case "values":
      return `${counted(rule.values.length, "value")} in ${counted(rows, "row")}. Another one is a warning, since the next file may bring it.`
    case "range":
      return `Seen ${rule.seen.map((value) => shownValue(value, columnOf(rule.column).kind)).join(" to ")} in ${counted(rows, "row")}. The range is wider, for the next file; a value outside is a warning.`
    case "checksum":
      return `Each of ${counted(rows, "value")} is ${rule.is} with right check digits.`
    case "unique":
      return `${exceptions === 0 ? `No ${valueNoun(rule.columns)} repeats` : `${counted(exceptions, valueNoun(rule.columns))} repeated`} in ${counted(rows, "row")}.${broken}`
    case "dependency":
      return `Rows with the same ${columnOf(rule.determinant).property} have the same ${columnOf(rule.column).property}: ${counted(rule.groups, "value")} in ${counted(rule.grouped, "row")}. A guess would be right in ${Math.round(100 * rule.guessed)} %.${broken}`
    case "requiredIf":
      return `Filled in all ${counted(rows, "row")} with ${rule.values.length === 1 ? "this value" : "these values"}, and empty in ${Math.round(100 * rule.emptyElsewhere)} % of the other ${rule.elsewhere}.`
    case "order":
      return `${rows - exceptions} of ${counted(rows, "row")} with both agree.${broken}`
    default:
      return `${rows - exceptions} of ${counted(rows, "row")} with all of these numbers agree.${broken}`
  }
}

function valueNoun({ length }: readonly string[]): string {
  return length > 1 ? "combination" : "value"
}

function callOf(rule: CheckRule, columnOf: (name: string) => RuleColumn): readonly string[] {
  switch (rule.kind) {
    case "checksum":
      return [`.check(${rule.check}(${literal(columnOf(rule.column).property)}))`]
    case "dependency":
      return [`.check(dependsOn(${literal(columnOf(rule.column).property)}, [${literal(columnOf(rule.determinant).property)}]))`]
    case "requiredIf":
      return [
        `.check(requiredIf(${literal(columnOf(rule.column).property)}, ${literal(columnOf(rule.condition).property)}, [${literals(rule.values)}]))`,
      ]
    case "unique":
      return [`.check(check.unique(${literals(rule.columns.map((name) => columnOf(name).property))}))`]
    case "values": {
      const column = columnOf(rule.column)
      const { property } = column
      return checkCall(`known.${property}`, [column], "validity", {
        holds: `[${literals(rule.values)}].includes(${property})`,
        message: `"\${${property}}" is not among the known values of ${property}.`,
        isWarning: true,
      })
    }
    case "range": {
      const column = columnOf(rule.column)
      const { property, kind } = column
      const isDate = kind === "date" || kind === "timestamp"
      const [least, greatest] = rule.allowed.map((value) => (isDate ? dayText(value) : String(value)))
      const value = isDate ? `${property}.getTime()` : kind === "decimal" ? `Number(${property})` : property
      const limit = (text: string | undefined) => (isDate ? `Date.parse(${literal(text ?? "")})` : text)
      return checkCall(`range.${property}`, [column], "accuracy", {
        holds: `${value} >= ${limit(least)} && ${value} <= ${limit(greatest)}`,
        message: `${isDate ? `\${${property}.toISOString().slice(0, 10)}` : `\${${property}}`} is not between ${least} and ${greatest}.`,
        isWarning: true,
      })
    }
    case "order": {
      const columns = [columnOf(rule.first), columnOf(rule.second)]
      const [first = "", second = ""] = columns.map(valueSource)
      const [low, high] = columns.map(({ property }) => property)
      return checkCall(`order.${low}.${high}`, columns, "consistency", {
        holds: `${first} <= ${second}`,
        message: `${low} is greater than ${high}.`,
      })
    }
    default: {
      const parts = rule.parts.map(columnOf)
      const total = columnOf(rule.total)
      const sign = rule.kind === "sum" ? " + " : " * "
      const made = parts.map(valueSource).join(sign)
      const names = parts.map(({ property }) => property).join(sign)
      return checkCall(`${rule.kind}.${total.property}`, [...parts, total], "consistency", {
        holds: `Math.abs(${made} - ${valueSource(total)}) < ${Number(rule.tolerance.toPrecision(1))}`,
        message: `${total.property} is not ${names}.`,
      })
    }
  }
}

/** The codes of issues, by the first word of a rule's name. */
const codes = new Map([
  ["known", "value.unknown"],
  ["range", "value.range"],
  ["order", "order.wrong"],
  ["sum", "total.wrong"],
  ["product", "total.wrong"],
])

interface Condition {
  readonly holds: string
  /** The inner part of a template. */
  readonly message: string
  readonly isWarning?: true
}

function checkCall(
  name: string,
  columns: readonly RuleColumn[],
  dimension: string,
  { holds, message, isWarning }: Condition,
): readonly string[] {
  const properties = columns.map(({ property }) => property)
  const nulls = columns.filter(({ isRequired }) => !isRequired).map(({ property }) => `${property} === null || `)
  const code = literal(codes.get(name.split(".", 1)[0] ?? "") ?? "")
  const last = literal(properties.at(-1) ?? "")
  const text = message.includes("${") ? `\`${message}\`` : literal(message)
  const needsParentheses = nulls.length > 0 && holds.includes(" && ")
  return [
    ".check(",
    `  ({ ${properties.join(", ")} }) =>`,
    `    ${nulls.join("")}${needsParentheses ? `(${holds})` : holds}`,
    "      ? undefined",
    `      : { code: ${code}, message: ${text}, column: ${last}${isWarning === true ? ', severity: "warning"' : ""} },`,
    `  { name: ${literal(name)}, columns: [${literals(properties)}], dimension: "${dimension}" },`,
    ")",
  ]
}

function valueSource({ property, kind }: RuleColumn): string {
  return kind === "decimal" ? `Number(${property})` : property
}

/** A number or a date of a range. */
export function shownValue(value: number, kind: ContractColumn["kind"]): string {
  return kind === "date" || kind === "timestamp" ? dayText(value) : String(value)
}

function dayText(ms: number): string {
  const text = new Date(Math.floor(ms / dayMs) * dayMs).toISOString()
  return text.slice(0, text.indexOf("T"))
}

/** Cells with counts, for a comment. */
export function cellList(cells: readonly { readonly row: number; readonly text: string }[]): string {
  return cells.map(({ row, text }) => `${quote(text)} in row ${row}`).join(", ")
}
