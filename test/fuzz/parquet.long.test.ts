import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryParquet } from "./parquet.ts"

test("a minute of parquet finds no crash, hang or wrong table", () => fuzzMinute("parquet", tryParquet))
