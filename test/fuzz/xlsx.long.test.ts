import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryXlsx } from "./xlsx.ts"

test("a minute of xlsx finds no crash, hang or wrong table", () => fuzzMinute("xlsx", tryXlsx))
