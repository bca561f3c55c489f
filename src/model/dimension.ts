/**
 * The six dimensions of data quality, in the order in which reports show them.
 *
 * @example
 * ```ts run
 * import { dimensions } from "rowgate"
 *
 * console.log(dimensions.join(" ")) // => completeness accuracy consistency timeliness uniqueness validity
 * ```
 */
export const dimensions = ["completeness", "accuracy", "consistency", "timeliness", "uniqueness", "validity"] as const

/** One of the six dimensions of data quality. Every rule belongs to one. */
export type Dimension = (typeof dimensions)[number]
