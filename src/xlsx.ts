export { xlsx } from "./parsers/xlsx/xlsx.ts"
export type { XlsxLimits } from "./parsers/xlsx/xlsx-limits.ts"
export type { XlsxOptions } from "./parsers/xlsx/xlsx-options.ts"
