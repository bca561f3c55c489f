import { ParquetFault } from "../parquet-fault.ts"

/** Bytes that no writer of Zstandard makes. */
export function damagedZstd(): ParquetFault {
  return new ParquetFault("a page is no sound zstd")
}
