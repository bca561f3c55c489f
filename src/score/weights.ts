import { RowgateError } from "../errors/rowgate-error.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"

/** A weight for each dimension: any non-negative numbers, of which only the ratio counts. */
export type Weights = { readonly [D in Dimension]: number }

/** The weights where nothing else was said. */
export const defaultWeights: Weights = { completeness: 20, accuracy: 25, consistency: 20, timeliness: 10, uniqueness: 15, validity: 10 }

/**
 * The weights with the gaps filled by the defaults.
 * Throws `CONFIG_INVALID` for a negative one, by name, and for all of them zero.
 */
export function completeWeights(given: { readonly [D in Dimension]?: number | undefined } | undefined): Weights {
  const weights = { ...defaultWeights }
  for (const dimension of dimensions) {
    const weight = given?.[dimension] ?? defaultWeights[dimension]
    if (!(weight >= 0) || !Number.isFinite(weight)) throw invalid(`the weight of ${dimension} is ${weight}`)
    weights[dimension] = weight
  }
  if (dimensions.every((dimension) => weights[dimension] === 0)) throw invalid("all weights are 0")
  return weights
}

function invalid(message: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message,
    remedy: "give each dimension a number of 0 or more, and at least one more than 0",
  })
}
