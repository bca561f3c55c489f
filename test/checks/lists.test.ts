import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { inList } from "../../src/checks/in-list.ts"
import { keysFrom } from "../../src/checks/keys-from.ts"
import { NearestText } from "../../src/checks/nearest-text.ts"
import { references } from "../../src/checks/references.ts"
import { bytes, check, createPipeline } from "../../src/index.ts"
import { nearestValue } from "../../src/normalize/nearest-value.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

const countries = ["Germany", "France", "Italy", "Spain", "DE", "FR"]

describe("inList", () => {
  test("fails a value that is not in the list, and suggests the only one that is near", async () => {
    const table = { country: ["Germany", "Germny", "france", "Atlantis", null, ""] }
    const found = await foundBy(inList("country", countries), [table])
    expect(found.map(({ row, message, suggestion }) => [row, message, suggestion])).toEqual([
      [1, '"Germny" is not among the known values.', 'Did you mean "Germany"?'],
      [2, '"france" is not among the known values.', 'Did you mean "France"?'],
      [3, '"Atlantis" is not among the known values.', undefined],
      [5, '"" is not among the known values.', undefined],
    ])
    expect(found[0]).toMatchObject({ code: "list.unknown", column: "country", dimension: "accuracy", rule: "inList.country" })
  })

  test("compares numbers with texts that write them, and decimals by value", async () => {
    expect(await rowsFailedBy(inList("n", ["1", "2.5"]), { n: [1, 2.5, 3] })).toEqual([2])
    expect(await rowsFailedBy(inList("n", [1, 2.5]), { n: ["1", "2.5", "1.0"] })).toEqual([2])
    expect(await rowsFailedBy(inList("n", [1, 2.5]), { n: ["1.00", "2.50", "3"] }, { decimals: new Set(["n"]) })).toEqual([2])
  })

  test("reads its list once per delivery, and suggests nothing from a list that is too long", async () => {
    let read = 0
    const known = {
      name: "the article numbers",
      async *keys() {
        read++
        for (let at = 0; at < 20_000; at++) yield `article ${String.fromCharCode(97 + (at % 26))}${at}`
      },
    }
    const found = await foundBy(inList("article", known), [{ article: ["article a0"] }, { article: ["artikle a0", "article t19999"] }])
    expect(read).toBe(1)
    expect(found.map(({ row, message, suggestion }) => [row, message, suggestion])).toEqual([
      [1, '"artikle a0" is not among the article numbers.', undefined],
      [2, '"article t19999" is not among the article numbers.', undefined],
    ])
  })
})

describe("NearestText", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d", "1", "é"), maxLength: 10 })

  test("finds what a comparison with every value finds", () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 30 }), word, (values, text) => {
        const pairs = values.map((value) => [value, value] as const)
        expect(new NearestText(values).of(text)).toBe(nearestValue(text, pairs))
      }),
      { numRuns: 2000 },
    )
  })

  test("answers a thousand texts about ten thousand values quickly", () => {
    const nearest = new NearestText(Array.from({ length: 10_000 }, (_, at) => `value ${at.toString(36)} of many`))
    const started = process.cpuUsage()
    for (let at = 0; at < 1000; at++) nearest.of(`valeu ${at.toString(36)} of manny`)
    const { user } = process.cpuUsage(started)
    expect(user / 1000).toBeLessThan(5000)
  })
})

describe("references and keysFrom", () => {
  const orders = createPipeline({ name: "orders" })
    .from(bytes("shop,no,amount\nA,1,5\nA,2,6\nB,1,x\nC,,7\n"))
    .validate(z.object({ shop: z.string(), no: z.number().nullable(), amount: z.number() }))

  test("a key of several columns must be in the other file, whose rejected rows do not count", async () => {
    const table = { shop: ["A", "A", "B", null, "C"], orderNo: ["1", "3", "1", "9", null] }
    expect(await foundBy(references(["shop", "orderNo"], keysFrom(orders, ["shop", "no"])), [table])).toEqual([
      expect.objectContaining({
        row: 1,
        code: "foreignKey.unknown",
        column: "orderNo",
        rule: "references.shop+orderNo",
        dimension: "consistency",
        message: '"A", "3" is not among the known values of shop, no.',
      }),
      expect.objectContaining({ row: 2 }),
    ])
  })

  test("a single column of another file serves inList and check.foreignKey too", async () => {
    expect(await rowsFailedBy(inList("shop", keysFrom(orders, "shop")), { shop: ["A", "B", "C"] })).toEqual([1])
    expect(await rowsFailedBy(check.foreignKey("shop", keysFrom(orders, "shop")), { shop: ["A", "B", "C"] })).toEqual([1])
  })

  test("finds the keys that a set of texts lacks", async () => {
    const key = fc.tuple(fc.constantFrom("a", "ab", "abc", ""), fc.constantFrom("c", "bc", "1", ""))
    await fc.assert(
      fc.asyncProperty(fc.array(key), fc.array(key, { minLength: 1 }), async (known, given) => {
        const texts = new Set(known.map((each) => JSON.stringify(each)))
        const expected = given.flatMap((each, at) => (texts.has(JSON.stringify(each)) ? [] : [at]))
        const table = { a: given.map(([a]) => a), b: given.map(([, b]) => b) }
        expect(await rowsFailedBy(references(["a", "b"], known), table)).toEqual(expected)
      }),
    )
  })
})
