/**
 * Columns that an export of rejects adds to those of the file, and that a replay takes off again: the number of the reject, where the row
 * stood, why it was set aside, of which delivery it is, and its text where it could not be read into cells.
 */
export const rejectColumns = ["_reject", "_row", "_line", "_address", "_reasons", "_run", "_raw"] as const
