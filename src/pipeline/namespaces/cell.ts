/** Normalizers: each reads the cells of one column. */
export { type BooleanOptions, boolean } from "../../normalize/boolean.ts"
export { type DateOptions, date } from "../../normalize/date.ts"
export { type DecimalOptions, decimal } from "../../normalize/decimal.ts"
export { integer } from "../../normalize/integer.ts"
export { type NumberOptions, number } from "../../normalize/number.ts"
export { oneOf } from "../../normalize/one-of.ts"
export { required } from "../../normalize/required.ts"
export { type TextOptions, text } from "../../normalize/text.ts"
