import { type Local, local } from "./assembler.ts"

/** What `scan` is called with, in this order. All are `i32`; addresses are byte offsets into the memory. */
export const scanParameters = [
  "base", // address of the window; positions count from it
  "from", // position of the first record
  "end", // position after the last byte, made an address; the 16 bytes after it are zero
  "delimiter",
  "quote", // the delimiter again where there are no quotes
  "lineEnd",
  "otherLineEnd", // the same again where there is one
  "comment", // -1 where there are no comments
  "keepBlank", // 1 where a blank line is a record
  "row",
  "rowLimit",
  "starts", // address of the first column's starts
  "toEnds", // from a start to its end
  "stride", // from a column to the next
  "width", // fields of a record, made the distance from a row's first start to its last
  "rowStarts",
  "fixups",
  "strays", // address of the next stray row; the one before it is in the four bytes before
  "blanks",
  "blankFirst", // address of 256 bytes: 1 for each that a blank field may begin with
] as const

/** The other `i32` variables. */
export const scanVariables = [
  "cursor", // where the block of sixteen bytes begins; in a quoted field also where its quote is
  "marks", // one bit for each byte of the block that is still to be looked at
  "special", // where the delimiter, quote or line end is that is looked at
  "byte", // that byte; behind a closing quote the byte that follows
  "field", // where the field begins
  "record", // where the record begins
  "slot", // where the field's start is stored
  "lastSlot", // where the start of the row's last field is stored
  "fixup", // where the next fix-up is stored
  "recordFixup", // the same when the record began
  "blank", // where the next field that may be blank is stored
  "recordBlank", // the same when the record began
  "doubled", // 1 where the quoted field has a doubled quote
  "inside", // line ends within quotes of the record
  "lines", // line ends of whole records
  "status", // why the scan stops
  "line", // the last byte of a line end; in a quoted field one bit for each line end of the block
  "stray", // where the next stray row is stored
] as const

/** The vectors: a byte sixteen times, and the block. */
export const scanVectors = ["delimiters", "quotes", "lineEnds", "otherLineEnds", "vector"] as const

type Name = (typeof scanParameters)[number] | (typeof scanVariables)[number] | (typeof scanVectors)[number]

/** Parameters and variables of `scan` by name. */
export const scanRegisters = Object.fromEntries(
  [...scanParameters, ...scanVariables, ...scanVectors].map((name, index) => [name, local(index)]),
) as { readonly [name in Name]: Local }
