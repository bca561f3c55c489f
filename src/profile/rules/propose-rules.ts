import { dayMs } from "../../cells/civil-date.ts"
import { counted } from "../../errors/counted.ts"
import { wilsonBound } from "../wilson.ts"
import { conditionsOf } from "./conditions.ts"
import { dependenciesAmong } from "./dependencies.ts"
import { isIdName } from "./id-name.ts"
import type { ObservedColumn } from "./observed-column.ts"
import type { ObservedTable } from "./observed-table.ts"
import { pairKey } from "./pair-key.ts"
import type { ProposedRule } from "./proposed-rule.ts"
import { relationsOf } from "./relations.ts"
import { ruleThresholds } from "./rule-thresholds.ts"

/** The rules that the rows of a table suggest: what each column needs, then what columns have to do with each other. */
export function proposeRules(table: ObservedTable): readonly ProposedRule[] {
  const perColumn = table.columns.flatMap((column) => [requiredRule(column), valuesRule(column), rangeRule(column), checksumRule(column)])
  return [
    ...perColumn.filter((rule) => rule !== undefined),
    ...keyRules(table),
    ...relationsOf(table),
    ...dependenciesAmong(table),
    ...conditionsOf(table),
  ]
}

function requiredRule({ name: column, filled, empty, emptyRows }: ObservedColumn): ProposedRule | undefined {
  const rows = filled + empty
  if (filled === 0 || empty > rows * ruleThresholds.mostExceptions) return undefined
  const isEnough = wilsonBound(filled, rows) >= ruleThresholds.leastBound
  const thin = empty > 0 ? `${empty} of ${rows} rows have none` : isEnough ? undefined : `${rows} ${rows === 1 ? "row is" : "rows are"} few`
  return { kind: "required", column, rows, exceptions: empty, exceptionRows: emptyRows, thin }
}

function valuesRule({ name: column, values, filled, isKey }: ObservedColumn): ProposedRule | undefined {
  if (values === undefined || values.size === 0 || isKey || filled < 2 * values.size) return undefined
  const sorted = [...values].sort(([one, times], [other, others]) => others - times || (one < other ? -1 : 1)).map(([value]) => value)
  const once = [...values.values()].filter((times) => times === 1).length
  const thin =
    filled < values.size * ruleThresholds.leastRepeats
      ? `each value occurs only ${Math.round((10 * filled) / values.size) / 10} times on average`
      : once > values.size / 3
        ? `${once} of the values occur once`
        : undefined
  return { kind: "values", column, values: sorted, rows: filled, exceptions: 0, exceptionRows: [], thin }
}

function checksumRule({ name: column, filled, checksums: { kind } }: ObservedColumn): ProposedRule | undefined {
  if (kind === undefined) return undefined
  return { kind: "checksum", column, check: kind.name, is: kind.kind, rows: filled, exceptions: 0, exceptionRows: [] }
}

/** Twice as far as the values go, but not below zero if no value is: enough for another month, not for a slip of the decimal point. */
function rangeRule({ name: column, kind, filled, least, greatest, isKey }: ObservedColumn): ProposedRule | undefined {
  if (filled === 0 || least > greatest || (kind === "integer" && isKey)) return undefined
  const isDate = kind === "date" || kind === "timestamp"
  const allowed = isDate ? dateRange(least, greatest) : numberRange(least, greatest)
  const thin = filled < 30 ? `${filled} ${filled === 1 ? "value is" : "values are"} few` : undefined
  return { kind: "range", column, seen: [least, greatest], allowed, rows: filled, exceptions: 0, exceptionRows: [], thin }
}

function numberRange(least: number, greatest: number): readonly [number, number] {
  const span = greatest - least
  const top = greatest <= 0 ? 0 : greatest <= 1 && least >= 0 && !Number.isInteger(greatest) ? 1 : roundUp(greatest + span)
  const bottom = least >= 0 ? 0 : -roundUp(span - least)
  return [bottom, top]
}

/** The next number of one digit and zeros. */
function roundUp(value: number): number {
  if (value <= 0) return 0
  const unit = 10 ** Math.floor(Math.log10(value))
  return Number((Math.ceil(value / unit) * unit).toPrecision(2))
}

/** Whole years. */
function dateRange(least: number, greatest: number): readonly [number, number] {
  const years = Math.ceil((greatest - least) / dayMs / 365) + 1
  const [first, last] = [new Date(least).getUTCFullYear() - years, new Date(greatest).getUTCFullYear() + years]
  return [Date.UTC(Math.max(first, 100), 0, 1), Date.UTC(Math.min(last, 9999), 11, 31)]
}

/** So few rows have different values by chance. */
const fewRows = 20

/**
 * Columns whose values occur once each. One of them identifies a row: the first whose name says so, else the first column of the file. Others, such as the
 * e-mail of a customer who has ordered once, may be unique by chance. If none does, two columns may identify a row together.
 */
function keyRules(table: ObservedTable): readonly ProposedRule[] {
  const { columns } = table
  const isKeyKind = ({ kind }: ObservedColumn) => kind === "integer" || kind === "text"
  const keys = columns.filter((column) => column.isKey && column.filled > 1 && column.empty === 0 && isKeyKind(column))
  const best = keys.find(({ name }) => isIdName(name)) ?? keys.find((column) => column === columns[0])
  const pair = best === undefined ? pairKey(table) : undefined
  const single = keys.flatMap((column): readonly ProposedRule[] => {
    const { name, filled, repeats, repeatedRows } = column
    if (column !== best && filled < fewRows) return []
    const chance =
      best === undefined ? "nothing else says that the values identify a row" : `"${best.name}" identifies a row, so this may be chance`
    const thin = column !== best ? chance : filled < fewRows ? `${counted(filled, "row is", "rows are")} few` : undefined
    return [{ kind: "unique", columns: [name], rows: filled, exceptions: repeats, exceptionRows: repeatedRows, thin }]
  })
  return pair === undefined ? single : [...single, pair]
}
