// The kinds of cells in a block, and what their `values` hold. Blank cells are not in blocks.

export const numberCell = 1
/** Milliseconds since 1970 UTC. */
export const dateCell = 2
/** Milliseconds since midnight. */
export const timeCell = 3
/** Milliseconds. */
export const durationCell = 4
/** 0 or 1. */
export const booleanCell = 5
/** The index of a shared string. */
export const sharedCell = 6
/** The offset of a text in the block. */
export const textCell = 7
/** The offset of a text in the block: the error as the cell shows it. */
export const errorCell = 8
/** A number whose format shows more digits than it has. The end of its text is its style, plus 1. */
export const shownCell = 10
/** A formula whose result the file does not hold. It has no value. */
export const formulaCell = 9
