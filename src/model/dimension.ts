/** The six dimensions of quality, in the order that reports show them. */
export const dimensions = ["completeness", "accuracy", "consistency", "timeliness", "uniqueness", "validity"] as const

/** One of the six dimensions of quality that a rule belongs to. */
export type Dimension = (typeof dimensions)[number]
