import { type Dimension, dimensions } from "../model/dimension.ts"

/** Variables of an environment by name. */
export type Variables = { readonly [name: string]: string | undefined }

/** Weights of dimensions, as far as variables set them. */
export type VariableWeights = { readonly [D in Dimension]?: number }

const prefix = "QUALITY_WEIGHT_"

/** The names of the variables that set weights, in the order of the dimensions. */
export const weightVariables: readonly string[] = dimensions.map(variableOf)

/** What is wrong with a variable, as the end of a sentence that begins with its name. */
export interface VariableFault {
  readonly name: string
  readonly text: string
}

/**
 * Reads the weights that `QUALITY_WEIGHT_COMPLETENESS` and the others set. An empty variable counts as not set. A variable such as
 * `QUALITY_WEIGHT_ACURACY`, which names no dimension, is a fault.
 */
export function weightsOfVariables(variables: Variables): { readonly weights: VariableWeights; readonly faults: readonly VariableFault[] } {
  const weights: { [D in Dimension]?: number } = {}
  const faults: VariableFault[] = unknownVariables(variables).map((name) => ({
    name,
    text: `sets the weight of no dimension: there are ${dimensions.join(", ")}`,
  }))
  for (const dimension of dimensions) {
    const name = variableOf(dimension)
    const text = variables[name]?.trim() ?? ""
    if (text === "") continue
    const fault = faultOf(text)
    if (fault === undefined) weights[dimension] = Number(text)
    else faults.push({ name, text: `is "${text}" and ${fault}` })
  }
  if (dimensions.every((dimension) => weights[dimension] === 0))
    faults.push({ name: weightVariables.join(", "), text: "are all zero, so no dimension would count" })
  return { weights, faults }
}

/** Variables whose name looks like that of a weight, but names no dimension. */
function unknownVariables(variables: Variables): readonly string[] {
  const isSet = (name: string) => (variables[name]?.trim() ?? "") !== ""
  return Object.keys(variables).filter((name) => name.startsWith(prefix) && !weightVariables.includes(name) && isSet(name))
}

function variableOf(dimension: Dimension): string {
  return `${prefix}${dimension.toUpperCase()}`
}

function faultOf(text: string): string | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return "must be a number such as 20 or 0.5"
  const value = Number(text)
  if (value < 0) return "must not be negative"
  return Number.isFinite(value) ? undefined : "is too large"
}
