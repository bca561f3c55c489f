import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryParquetPages } from "./parquet-pages.ts"

test("a minute of parquet pages finds no crash, hang, wrong table or vague message", () => fuzzMinute("parquet pages", tryParquetPages))
