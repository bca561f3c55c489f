import { RowgateError } from "../errors/rowgate-error.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"

/** A weight for each dimension: any non-negative numbers. Only their ratio matters. */
export type Weights = { readonly [D in Dimension]: number }

/**
 * The default weights.
 *
 * @example
 * ```ts typecheck
 * import { createPipeline, defaultWeights } from "rowgate"
 *
 * createPipeline({ name: "orders" }).score({ weights: { ...defaultWeights, timeliness: 0 } })
 * ```
 */
export const defaultWeights: Weights = { completeness: 20, accuracy: 25, consistency: 20, timeliness: 10, uniqueness: 15, validity: 10 }

/**
 * The given weights, completed with the defaults.
 * Throws `CONFIG_INVALID` if a weight is negative or not a number, or if all of them are zero.
 */
export function completeWeights(given: { readonly [D in Dimension]?: number | undefined } | undefined): Weights {
  const weights = { ...defaultWeights }
  for (const dimension of dimensions) {
    const weight = given?.[dimension] ?? defaultWeights[dimension]
    if (!(weight >= 0) || !Number.isFinite(weight))
      throw invalid(`The weight of ${dimension} is ${weight}, but it must be a finite number of 0 or more.`)
    weights[dimension] = weight
  }
  if (dimensions.every((dimension) => weights[dimension] === 0)) throw invalid("All weights of the score are 0, so nothing would count.")
  return weights
}

function invalid(message: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message,
    remedy:
      "Give at least one dimension a weight above 0, and none a weight below 0, in score({ weights }) or in a variable such as QUALITY_WEIGHT_VALIDITY.",
  })
}
