import type { ColumnGuide, GuideBound } from "../model/column-guide.ts"

const mostValues = 20
const mostText = 500

/** What a column takes, in plain words: one sentence a line. */
export function guideLines(guide: ColumnGuide): readonly string[] {
  const { required, values, example, notes = [] } = guide
  const lines = [
    required ? "Required." : "May be empty.",
    values === undefined ? kindText(guide) : valuesText(values),
    ...notes,
    ...(example === undefined || values !== undefined ? [] : [`Example: ${example}`]),
  ]
  return lines.filter((line) => line !== "").map((line) => (line.length > mostText ? `${line.slice(0, mostText)} ...` : line))
}

/** The rule of the kind and its bounds, as an error message of a spreadsheet program may show it. */
export function kindText({ kind, minimum, maximum, minLength, maxLength, scale }: ColumnGuide): string {
  switch (kind) {
    case "integer":
      return `A whole number${boundsText(minimum, maximum)}.`
    case "number":
      return `A number${boundsText(minimum, maximum)}.`
    case "decimal":
      return `A number${boundsText(minimum, maximum)}${scale === undefined ? "" : `, with at most ${scale} digits after the point`}.`
    case "date":
      return `A date${boundsText(minimum, maximum)}, such as 2026-03-31.`
    case "timestamp":
      return `A date and time${boundsText(minimum, maximum)}, such as 2026-03-31 14:30:00.`
    case "boolean":
      return "TRUE or FALSE."
    case "text":
      return lengthText(minLength, maxLength)
    case "json":
      return ""
  }
}

export function valuesText(values: readonly (string | number)[]): string {
  const more = values.length - mostValues
  const shown = values.slice(0, mostValues).join(", ")
  return `One of: ${shown}${more > 0 ? `, and ${more} more in the list of the cell` : ""}.`
}

function lengthText(least = 0, most: number | undefined): string {
  if (most === undefined) return least > 1 ? `Text of at least ${least} characters.` : "Text."
  if (least === most) return `Text of exactly ${most} characters.`
  return least > 1 ? `Text of ${least} to ${most} characters.` : `Text of at most ${most} characters.`
}

function boundsText(minimum: GuideBound | undefined, maximum: GuideBound | undefined): string {
  const isClosed = minimum?.exclusive !== true && maximum?.exclusive !== true
  if (minimum !== undefined && maximum !== undefined && isClosed) return ` from ${shown(minimum)} to ${shown(maximum)}`
  const lower = minimum === undefined ? [] : [`${minimum.exclusive === true ? "greater than" : "of at least"} ${shown(minimum)}`]
  const upper = maximum === undefined ? [] : [`${maximum.exclusive === true ? "less than" : "of at most"} ${shown(maximum)}`]
  const both = [...lower, ...upper].join(" and ")
  return both === "" ? "" : ` ${minimum?.value instanceof Date || maximum?.value instanceof Date ? asDates(both) : both}`
}

function asDates(text: string): string {
  return text.replace("greater than", "after").replace("less than", "before").replace("of at least", "from").replace("of at most", "until")
}

function shown({ value }: GuideBound): string {
  if (!(value instanceof Date)) return String(value)
  const text = value.toISOString()
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text
}
