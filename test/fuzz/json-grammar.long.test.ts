import { test } from "vitest"
import { fuzzMinute } from "./fuzz.ts"
import { tryJsonGrammar } from "./json-grammar.ts"

test("a minute of JSON from its grammar finds no crash or hang", () => fuzzMinute("json-grammar", tryJsonGrammar))
