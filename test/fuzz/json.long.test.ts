import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryJson } from "./json.ts"

test("a minute of json finds no crash, hang or wrong table", () => fuzzMinute("json", tryJson))
