import { type Local, local } from "./assembler.ts"

/** The parameters of `scan`, in order. All are `i32`; addresses are byte offsets into the memory. */
export const scanParameters = [
  "base", // the address of the window; positions count from it
  "from", // the position of the first record
  "end", // the position after the last byte, converted to an address; the next 16 bytes are zero
  "delimiter",
  "quote", // the delimiter again if there are no quotes
  "lineEnd",
  "otherLineEnd", // the same as lineEnd if there is only one
  "comment", // -1 if there are no comments
  "keepBlank", // 1 if a blank line is a record
  "row",
  "rowLimit",
  "starts", // the address of the first column's starts
  "toEnds", // the distance from a start to its end
  "stride", // the distance from a column to the next
  "width", // the fields of a record, converted to the distance from a row's first start to its last
  "rowStarts",
  "fixups",
  "strays", // the address for the next stray row; the previous one is in the four bytes before it
  "blanks",
  "blankFirst", // the address of 256 bytes: 1 for each byte that a blank field may begin with
] as const

/** The other `i32` variables. */
export const scanVariables = [
  "cursor", // where the block of sixteen bytes begins; in a quoted field, also where its quote is
  "marks", // one bit for each byte of the block that is still to be handled
  "special", // the position of the current delimiter, quote or line end
  "byte", // the byte at that position; after a closing quote, the byte that follows
  "field", // where the field begins
  "record", // where the record begins
  "slot", // where to store the field's start
  "lastSlot", // where to store the start of the row's last field
  "fixup", // where to store the next fix-up
  "recordFixup", // the value of fixup when the record began
  "blank", // where to store the next field that may be blank
  "recordBlank", // the value of blank when the record began
  "doubled", // 1 if the quoted field contains a doubled quote
  "inside", // the number of line ends inside quotes in the record
  "lines", // the number of line ends of whole records
  "status", // why the scan stops
  "line", // the last byte of a line end; in a quoted field, one bit for each line end of the block
  "stray", // where to store the next stray row
] as const

/** The vectors: a byte repeated sixteen times, and the block. */
export const scanVectors = ["delimiters", "quotes", "lineEnds", "otherLineEnds", "vector"] as const

type Name = (typeof scanParameters)[number] | (typeof scanVariables)[number] | (typeof scanVectors)[number]

/** Parameters and variables of `scan` by name. */
export const scanRegisters = Object.fromEntries(
  [...scanParameters, ...scanVariables, ...scanVectors].map((name, index) => [name, local(index)]),
) as { readonly [name in Name]: Local }
