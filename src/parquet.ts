export type { ParquetOptions } from "./parsers/parquet/parquet.ts"
export { parquet } from "./parsers/parquet/parquet.ts"
export type { ParquetLimits } from "./parsers/parquet/parquet-limits.ts"
