import type { ColumnSpec } from "../../model/column-spec.ts"
import { identifier } from "../sql/quoted-names.ts"
import { columnType } from "./column-type.ts"
import type { TargetColumn, TargetTable } from "./target-table.ts"

/**
 * The actions of an ALTER TABLE that make the table fit the declared columns: it adds missing columns and widens types that are too narrow. It drops
 * and narrows nothing. A type of another family stays, and the database judges each value.
 */
export function schemaChanges(
  table: TargetTable,
  declared: readonly ColumnSpec[],
  { widen = true }: { readonly widen?: boolean | undefined } = {},
): readonly string[] {
  return declared.flatMap((spec) => {
    const column = table.columns.get(spec.name)
    const name = identifier(spec.name)
    // Nullable, because existing rows have no value for it.
    if (column === undefined) return [`ADD COLUMN ${name} ${columnType(spec)}`]
    const wider = column.generated || !widen ? undefined : widened(column, spec)
    return wider === undefined ? [] : [`ALTER COLUMN ${name} TYPE ${wider}`]
  })
}

/** A type for both the existing and the declared values; undefined if the column's own type is one. */
function widened({ type, hasDefault }: TargetColumn, spec: ColumnSpec): string | undefined {
  const isInteger = type === "smallint" || type === "integer"
  switch (spec.kind) {
    case "integer":
      if (isInteger) return "bigint"
      return type === "real" ? "double precision" : (widerNumeric(type, { precision: bigintDigits, scale: 0 }) ?? widerText(type))
    case "number":
      if (isInteger || type === "real") return "double precision"
      // A double holds neither every bigint nor every numeric. An identity has to remain an integer.
      if (type === "bigint") return hasDefault ? undefined : "numeric"
      return widerNumeric(type, {}) ?? widerText(type)
    case "decimal":
      return isInteger || type === "bigint" ? "numeric" : (widerNumeric(type, spec) ?? widerText(type))
    case "text":
      return widerText(type)
    case "timestamp":
      return type === "date" ? "timestamp with time zone" : finerTimestamp(type)
    default:
      return undefined
  }
}

/** The digits of the greatest bigint. */
const bigintDigits = 19

/** Enough digits before and after the point for both types. */
function widerNumeric(type: string, { precision, scale = 0 }: Pick<ColumnSpec, "precision" | "scale">): string | undefined {
  const found = /^numeric\((\d+),(\d+)\)$/.exec(type)
  if (found === null) return undefined
  if (precision === undefined) return "numeric"
  const [digits, after] = [Number(found[1]), Number(found[2])]
  const fraction = Math.max(after, scale)
  const whole = Math.max(digits - after, precision - scale)
  return fraction === after && whole === digits - after ? undefined : `numeric(${whole + fraction},${fraction})`
}

function widerText(type: string): string | undefined {
  return /^character(?: varying)?\(/.test(type) ? "text" : undefined
}

/** The same type with all digits of a second. */
function finerTimestamp(type: string): string | undefined {
  const found = /^timestamp\([0-5]\) (with(?:out)? time zone)$/.exec(type)
  return found === null ? undefined : `timestamp ${found[1]}`
}
