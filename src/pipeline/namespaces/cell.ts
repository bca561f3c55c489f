/** Normalizers: each reads the cells of one column. */
export { boolean } from "../../normalize/boolean.ts"
export { date } from "../../normalize/date.ts"
export { decimal } from "../../normalize/decimal.ts"
export { integer } from "../../normalize/integer.ts"
export { number } from "../../normalize/number.ts"
export { oneOf } from "../../normalize/one-of.ts"
export { required } from "../../normalize/required.ts"
export { text } from "../../normalize/text.ts"
