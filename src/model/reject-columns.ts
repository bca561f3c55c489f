/**
 * The columns that an export of rejects adds to those of the file, and that a replay removes: the number of the reject, the place of the row, the
 * reasons, the id of the delivery, and the text of a row that could not be read into cells.
 */
export const rejectColumns = ["_reject", "_row", "_line", "_address", "_reasons", "_run", "_raw"] as const
