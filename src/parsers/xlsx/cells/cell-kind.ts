/** What a cell of a block holds. Blank cells are not in blocks. */
export const numberCell = 1
/** Milliseconds since 1970 UTC. */
export const dateCell = 2
/** Milliseconds since midnight. */
export const timeCell = 3
/** Milliseconds. */
export const durationCell = 4
/** 0 or 1. */
export const booleanCell = 5
/** Index of a shared string. */
export const sharedCell = 6
/** Range of the block's text. */
export const textCell = 7
/** Range of the block's text: the error as it shows. */
export const errorCell = 8
