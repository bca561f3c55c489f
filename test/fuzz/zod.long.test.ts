import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryZod } from "./zod.ts"

test("a minute of schemas finds no row, value or message that differs from zod's", () => fuzzMinute("zod", tryZod))
