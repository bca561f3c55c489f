/** The six dimensions of data quality, in the order in which reports show them. */
export const dimensions = ["completeness", "accuracy", "consistency", "timeliness", "uniqueness", "validity"] as const

/** One of the six dimensions of data quality. Every rule belongs to one. */
export type Dimension = (typeof dimensions)[number]
