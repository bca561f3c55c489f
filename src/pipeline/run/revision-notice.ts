import type { Plan } from "../../contract/plan.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { JsonValue } from "../../model/json-value.ts"
import type { TableNotice } from "../../model/table-facts.ts"

const mostListed = 10

/** Says that a delivery was started again, and what contradicted its plan. */
export function revisionNotice(plan: Plan): TableNotice {
  const { lessons } = plan
  const kinds = plan.kinds()
  const learned = [
    ...Object.entries(lessons.dates ?? {}).map(([column, order]) => `the dates of the column "${shownText(column)}" are ${order}`),
    ...Object.entries(lessons.kinds ?? {}).flatMap(([column, kind]) =>
      kinds.get(column) === kind ? [] : [`the column "${shownText(column)}" holds ${kind}`],
    ),
    ...Object.entries(lessons.dialects ?? {}).flatMap(([table, facts]) =>
      Object.entries(facts).map(([fact, value]) => `the table "${shownText(table)}" ${shown[fact]?.(value) ?? `has another ${fact}`}`),
    ),
    ...Object.keys(lessons.headers ?? {}).map((table) => `the table "${shownText(table)}" has other headers`),
    ...Object.keys(lessons.own ?? {}).map((key) => `a stage settled "${shownText(key)}" differently`),
  ]
  const listed = learned.slice(0, mostListed).join("; ")
  const more = learned.length > mostListed ? `; and ${learned.length - mostListed} more` : ""
  return {
    code: "plan.revised",
    message: `Later rows contradicted what the first rows settled, so the file was read again from its start. New facts: ${listed}${more}.`,
  }
}

const shown: { readonly [fact: string]: (value: JsonValue) => string } = {
  encoding: (value) =>
    `is in ${typeof value === "object" && value !== null && "value" in value ? String(value["value"]) : "another encoding"}`,
  keys: () => "has more columns",
  width: () => "has wider or narrower records",
}
