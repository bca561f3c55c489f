import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryParquetPages } from "./parquet-pages.ts"

test("a minute of parquet pages finds no crash, hang, other table or unnamed fault", () => fuzzMinute("parquet pages", tryParquetPages))
