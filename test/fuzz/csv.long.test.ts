import { test } from "vitest"
import { tryCsv } from "./csv.ts"
import { fuzzMinute } from "./fuzz.ts"

test("a minute of csv finds no crash, hang or wrong table", () => fuzzMinute("csv", tryCsv))
