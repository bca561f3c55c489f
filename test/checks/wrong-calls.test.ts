import { describe, expect, test } from "vitest"
import * as checks from "../../src/checks.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"

const defined = checks.defineCheck({ name: "a", cell: () => undefined })

/** The function, its wrong arguments, and a part of the message. */
const wrongCalls: readonly (readonly [name: string, call: unknown, args: readonly unknown[], message: string])[] = [
  ["defineCheck", checks.defineCheck, [{ name: "a", cells: () => undefined }], "defineCheck() has no option cells; did you mean cell?"],
  ["defineRowCheck", checks.defineRowCheck, [{ name: "a", row: () => undefined }], "defineRowCheck() needs the option columns"],
  ["luhn", checks.luhn, [], "The column of luhn() takes the name of a column; it got undefined."],
  ["iban", checks.iban, [{ column: "a" }], "The column of iban() takes the name of a column; it got an object."],
  ["isin", checks.isin, [""], 'The column of isin() takes the name of a column; it got "".'],
  ["gtin", checks.gtin, [1], "The column of gtin() takes the name of a column; it got 1."],
  ["isbn", checks.isbn, [null], "The column of isbn() takes the name of a column; it got null."],
  ["vatNumber", checks.vatNumber, ["a", { land: "DE" }], "vatNumber() has no option land."],
  ["vatNumber", checks.vatNumber, ["a", { country: "GR" }], "The option country of vatNumber() takes"],
  ["sumOf", checks.sumOf, ["a", "b"], "The second argument of sumOf() takes a list of column names"],
  ["sumOf", checks.sumOf, ["a", ["b"], { tolerence: 1 }], "sumOf() has no option tolerence; did you mean tolerance?"],
  ["sumOf", checks.sumOf, ["a", ["b"], { tolerance: "1%" }], "The option tolerance of sumOf() takes"],
  ["productOf", checks.productOf, ["a", []], "The second argument of productOf() takes a list of column names; it got an empty list."],
  ["productOf", checks.productOf, ["a", ["b"], { minus: ["c"] }], "productOf() has no option minus."],
  ["ordered", checks.ordered, ["a"], "The second column of ordered() takes the name of a column; it got undefined."],
  ["ordered", checks.ordered, ["a", 2], "takes the name of a column; it got 2."],
  [
    "requiredIf",
    checks.requiredIf,
    ["a", "b"],
    "The condition of requiredIf() takes a list of values, or a function of a value; it got undefined.",
  ],
  ["inList", checks.inList, ["a"], "The list of inList() takes a list, or an object with the function keys; it got undefined."],
  ["keysFrom", checks.keysFrom, ["orders.csv", "a"], 'The pipeline of keysFrom() takes a pipeline; it got "orders.csv".'],
  ["keysFrom", checks.keysFrom, [{ rows: () => [] }, [1]], "takes the name of a column; it got 1."],
  ["references", checks.references, ["a", []], 'The first argument of references() takes a list of column names; it got "a".'],
  ["dependsOn", checks.dependsOn, ["a", "b"], 'The second argument of dependsOn() takes a list of column names; it got "b".'],
  ["dependsOn", checks.dependsOn, ["a", ["b"], { mots: 1 }], "dependsOn() has no option mots; did you mean most?"],
  ["nearDuplicates", checks.nearDuplicates, ["a"], 'The first argument of nearDuplicates() takes a list of column names; it got "a".'],
  ["nearDuplicates", checks.nearDuplicates, [["a"], { on: ["b"] }], "nearDuplicates() has no option on"],
  [
    "nearDuplicates",
    checks.nearDuplicates,
    [["a"], { similarity: 90 }],
    "The option similarity of nearDuplicates() takes a number from 0 to 1",
  ],
  ["nearDuplicates", checks.nearDuplicates, [["a"], { by: "b" }], "The option by of nearDuplicates() takes a list of column names"],
  [
    "lookUp",
    checks.lookUp,
    ["a", { url: "" }],
    "The second argument of lookUp() takes a function of a value that returns a promise; it got an object.",
  ],
  ["lookUp", checks.lookUp, ["a", async () => undefined, { timeout: 1 }], "lookUp() has no option timeout; did you mean timeoutMs?"],
  [
    "lookUp",
    checks.lookUp,
    ["a", async () => undefined, { onFailure: "ignore" }],
    'The option onFailure of lookUp() takes "stop" or "warn"',
  ],
  ["matches", checks.matches, ["a", "^a$"], "The pattern of matches() takes a regular expression without the flags g and y"],
  [
    "matches",
    checks.matches,
    ["a", /a/g],
    "The pattern of matches() takes a regular expression without the flags g and y; it got a pattern.",
  ],
  ["matches", checks.matches, ["a", /a/, { nam: "b" }], "matches() has no option nam; did you mean name?"],
  ["outliers", checks.outliers, ["a", { confidence: 2 }], "The option confidence of outliers() takes a number from 0 to 1; it got 2."],
  [
    "commonFormat",
    checks.commonFormat,
    ["a", { dimensions: "validity" }],
    "commonFormat() has no option dimensions; did you mean dimension?",
  ],
  ["trailer", checks.trailer, ["a", "T", { counts: "b" }], "trailer() has no option counts; did you mean count?"],
  ["trailer", checks.trailer, ["a", "T", {}], "trailer() needs the option count or sums"],
  ["defineCheck", defined, ["name", { limit: 1 }], "a() takes no options."],
]

describe("a call that the compiler would refuse is refused in JavaScript", () => {
  test.each(wrongCalls)("%s(): case %#", (_name, call, args, message) => {
    let error: unknown
    try {
      ;(call as (...args: readonly unknown[]) => unknown)(...args)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(RowgateError)
    expect(error).toMatchObject({ message: expect.stringContaining(message), remedy: expect.stringMatching(/^[A-Z].*\.$/s) })
  })

  test("in every function of the subpath", () => {
    const functions = Object.entries(checks).flatMap(([name, value]) => (typeof value === "function" ? [name] : []))
    expect(functions.filter((name) => !wrongCalls.some(([tried]) => tried === name))).toEqual([])
  })
})
