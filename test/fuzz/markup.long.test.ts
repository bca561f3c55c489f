import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryMarkup } from "./markup.ts"

test("a minute of markup heads finds no crash or hang", () => fuzzMinute("markup", tryMarkup))
