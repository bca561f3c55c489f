import type { ColumnGuide, GuideBound } from "../../model/column-guide.ts"

/** What CHECKs say of a column. */
export type CheckRules = Pick<ColumnGuide, "values" | "minimum" | "maximum"> & { readonly notes: readonly string[] }

/** Reads lists and bounds out of CHECKs on one column, as PostgreSQL writes them. Others are notes that quote the SQL. */
export function checkRules(column: string, checks: readonly string[]): CheckRules {
  const notes: string[] = []
  const found: { values?: readonly (string | number)[]; minimum?: GuideBound; maximum?: GuideBound } = {}
  for (const check of checks) {
    const rules = rulesOf(column, check)
    if (rules === undefined) notes.push(`The database requires ${check}.`)
    else Object.assign(found, rules)
  }
  return { ...found, notes }
}

type Rules = Omit<CheckRules, "notes">

function rulesOf(column: string, check: string): Rules | undefined {
  const texts: string[] = []
  // Texts leave first, so that what they hold is not taken for SQL.
  const bare = check
    .replaceAll("''", "\0")
    .replace(/'[^']*'/g, (text) => {
      texts.push(text.slice(1, -1).replaceAll("\0", "'"))
      return "?"
    })
    .replace(/::[a-z ]+(?:\[\])?/g, "")
    .replace(/[()\s]/g, "")
  const name = /^[a-z_][a-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""').replace(/\s/g, "")}"`
  if (!bare.startsWith(name)) return undefined
  const literal = (text: string) => (text === "?" ? texts.shift() : text === "" ? undefined : Number(text))
  const list = bare.slice(name.length)
  if (!list.startsWith("=ANYARRAY[") || !list.endsWith("]")) return boundsOf(bare, name, literal)
  const values = list.slice("=ANYARRAY[".length, -1).split(",").map(literal)
  const known = values.filter((value) => value !== undefined)
  return known.length < values.length || known.some((value) => Number.isNaN(value)) ? undefined : { values: known }
}

function boundsOf(bare: string, name: string, literal: (text: string) => string | number | undefined): Rules | undefined {
  const found: { minimum?: GuideBound; maximum?: GuideBound } = {}
  for (const part of bare.split("AND")) {
    const [operator = ""] = (part.startsWith(name) ? /^[<>]=?/.exec(part.slice(name.length)) : null) ?? []
    const given = operator === "" ? undefined : literal(part.slice(name.length + operator.length))
    const value = typeof given === "string" ? new Date(given) : given
    if (value === undefined || Number.isNaN(value.valueOf())) return undefined
    const bound = { value, ...(operator.length === 1 ? { exclusive: true } : {}) }
    if (operator.startsWith(">")) found.minimum = bound
    else found.maximum = bound
  }
  return found
}
