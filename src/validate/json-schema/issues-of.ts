import type { StandardSchemaV1 } from "@standard-schema/spec"

/** An error of ajv. */
export interface AjvError {
  /** The keyword that the value breaks. */
  readonly keyword: string
  /** A JSON pointer to the value. */
  readonly instancePath: string
  /** A JSON pointer to the keyword in the schema. */
  readonly schemaPath: string
  /** What the keyword says about the error, such as the name of a missing property. */
  readonly params: object
  /** The message in English. */
  readonly message?: string | undefined
}

/** The parameters of keywords whose error is about a property of the value, not about the value. */
const propertyParams = ["missingProperty", "additionalProperty", "unevaluatedProperty", "propertyName"] as const
/** Keywords that only sum up errors of their branches, or the other way round. */
const unions: ReadonlySet<string> = new Set(["anyOf", "oneOf"])

/** The errors of ajv about a row as issues, each with the path of the value that is wrong and the code `schema.` with the keyword. */
export function issuesOf(errors: readonly AjvError[], row: unknown): readonly (StandardSchemaV1.Issue & { readonly code: string })[] {
  return essential(errors.filter((error) => !isAboutEmptyCell(error, row))).map((error) => ({
    code: `schema.${error.keyword}`,
    message: sentence(error),
    path: pathOf(error),
  }))
}

/** Without errors that only sum up others, or that others sum up: a union and its branches, and an `if` beside the errors of its branch. */
function essential(errors: readonly AjvError[]): readonly AjvError[] {
  const left = new Set<AjvError>()
  for (const union of errors) {
    if (!unions.has(union.keyword)) continue
    const branches = branchesOf(union, errors)
    const meant = branches.filter(
      (branch) => !branch.some((error) => error.keyword === "type" && error.instancePath === union.instancePath),
    )
    // A value of the only type that fits is judged by its branch.
    const [only] = meant
    const kept = meant.length === 1 && only !== undefined ? only : [union]
    for (const error of [union, ...branches.flat()]) if (!kept.includes(error)) left.add(error)
  }
  const others = errors.filter((error) => !left.has(error))
  const withoutIf = others.filter(({ keyword }) => keyword !== "if")
  return withoutIf.length > 0 ? withoutIf : others
}

function branchesOf({ schemaPath }: AjvError, errors: readonly AjvError[]): readonly (readonly AjvError[])[] {
  const branches = new Map<string, AjvError[]>()
  for (const error of errors) {
    if (!error.schemaPath.startsWith(`${schemaPath}/`)) continue
    const [branch = ""] = error.schemaPath.slice(schemaPath.length + 1).split("/")
    branches.set(branch, [...(branches.get(branch) ?? []), error])
  }
  return [...branches.values()]
}

/** A column that the schema does not know is no property of the rows that have no value in it. */
function isAboutEmptyCell({ keyword, instancePath, params }: AjvError, row: unknown): boolean {
  if (instancePath !== "" || (keyword !== "additionalProperties" && keyword !== "unevaluatedProperties")) return false
  const name = propertyOf(params)
  return name !== undefined && Object.getOwnPropertyDescriptor(row, name)?.value === null
}

function pathOf({ instancePath, params }: AjvError): readonly PropertyKey[] {
  const steps = instancePath
    .split("/")
    .slice(1)
    .map((step): PropertyKey => step.replaceAll("~1", "/").replaceAll("~0", "~"))
  const property = propertyOf(params)
  return property === undefined ? steps : [...steps, property]
}

function propertyOf(params: object): string | undefined {
  for (const name of propertyParams) {
    const value: unknown = Object.getOwnPropertyDescriptor(params, name)?.value
    if (typeof value === "string") return value
  }
  return undefined
}

/** `must be >= 0` becomes `Must be >= 0.`, with the values of an enumeration. */
function sentence({ keyword, params, message = `must satisfy ${keyword}` }: AjvError): string {
  const allowed = keyword === "enum" && "allowedValues" in params && Array.isArray(params.allowedValues) ? params.allowedValues : []
  const shown = allowed.slice(0, 10).map((value) => JSON.stringify(value))
  const list = shown.length === 0 ? "" : `: ${shown.join(", ")}${allowed.length > shown.length ? " and others" : ""}`
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${list}.`
}
