const functions = ["avg", "count", "ispresent", "latest", "like", "max", "pct", "sum"]
const words = ["and", "as", "asc", "by", "desc", "fields", "filter", "in", "limit", "not", "or", "sort", "stats"]

/** The fields that a query of CloudWatch Logs Insights reads. Names that it gives itself, as in `count(*) as calls`, are none. */
export function queryFields(query: string): readonly string[] {
  const bare = query.replace(/^(SOURCE '[^']*' \| )+/, "").replace(/"[^"]*"/g, "")
  const names = bare.match(/@?[A-Za-z_][\w.]*/g) ?? []
  const given = [...bare.matchAll(/\bas (\w+)/g)].map(([, name]) => name)
  return [...new Set(names.filter((name) => ![...functions, ...words, ...given].includes(name)))]
}

/** The fields of a line of JSON, as Logs Insights finds them: `error.code`, `failures.first.0.subject`. */
export function lineFields(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [path]
  return Object.entries(value).flatMap(([name, inner]) => lineFields(inner, path === "" ? name : `${path}.${name}`))
}
