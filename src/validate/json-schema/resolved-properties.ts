/** More references than this lead nowhere. */
const mostSteps = 20

/** The schema with each property that is a reference within it replaced by what it refers to, so that the kinds of its columns can be read. */
export function resolvedProperties(schema: object): { readonly [name: string]: unknown } {
  const root = resolved(schema, schema)
  const properties: unknown = own(root, "properties")
  if (typeof properties !== "object" || properties === null) return { ...root }
  return { ...root, properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, resolved(each, schema)])) }
}

function resolved(schema: unknown, root: object): object {
  let found = schema
  for (let step = 0; step < mostSteps; step++) {
    if (typeof found !== "object" || found === null) break
    const reference = own(found, "$ref")
    if (typeof reference !== "string" || !reference.startsWith("#")) return found
    const steps = decodeURIComponent(reference.slice(1)).split("/").slice(1)
    found = steps.reduce<unknown>((at, name) => own(at, name.replaceAll("~1", "/").replaceAll("~0", "~")), root)
  }
  // A schema without a type says nothing about the kind of a column.
  return {}
}

function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}
