import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { headerKey, matchHeaders } from "../../src/binding/match-headers.ts"

const match = (declared: { readonly [name: string]: readonly string[] }, header: readonly string[]) =>
  Object.fromEntries(
    matchHeaders(
      Object.entries(declared).map(([name, aliases]) => ({ name, aliases })),
      header,
    ),
  )

describe("a declared column finds its header", () => {
  test.each([
    [{ orderId: [] }, ["order_id"], { orderId: "order_id" }],
    [{ orderId: [] }, ["ORDER ID", "x"], { orderId: "ORDER ID" }],
    [{ orderId: ["Order No."] }, ["order no"], { orderId: "order no" }],
    [{ orderId: ["Order No."] }, ["Order No.", "orderId"], { orderId: "orderId" }],
    [{ orderId: [] }, ["order id", "Order-ID"], {}],
    [{ orderId: [] }, ["order id", "orderId"], { orderId: "orderId" }],
    [{ a: ["x"], b: ["x"] }, ["x"], { a: "x" }],
    [{ total: [] }, ["Total amount"], {}],
    [{ größe: [] }, ["GRÖSSE", "Größe"], { größe: "Größe" }],
    [{ größe: [] }, ["GRÖSSE"], { größe: "GRÖSSE" }],
    [{ strasse: [] }, ["Straße"], { strasse: "Straße" }],
    [{ resume: [] }, ["Résumé"], { resume: "Résumé" }],
    [{ resume: [] }, ["Résumé", "Resumé"], {}],
    [{ résumé: [] }, ["resume", "RÉSUMÉ"], { résumé: "RÉSUMÉ" }],
    [{ id: [] }, ["İD"], { id: "İD" }],
    [{ lodzOre: [] }, ["Łódź øre"], { lodzOre: "Łódź øre" }],
    [{ price: [] }, ["Price\u00a0(€)"], { price: "Price\u00a0(€)" }],
    [{ orderId: [] }, ["\ufeffＯｒｄｅｒ\u200b ID"], { orderId: "\ufeffＯｒｄｅｒ\u200b ID" }],
    [{ ΟΔΟΣ: [] }, ["Οδός"], { ΟΔΟΣ: "Οδός" }],
    [{ की: [] }, ["का"], {}],
    [{ की: [] }, ["का", "की "], { की: "की " }],
    [{ "№": ["no"] }, ["Nº"], { "№": "Nº" }],
    [{ "%": [] }, ["#", "%"], { "%": "%" }],
    [{ "%": [] }, ["#"], {}],
    [{ constructor: [], __proto: [] }, ["Constructor"], { constructor: "Constructor" }],
  ])("%j among %j: %j", (declared, header, expected) => {
    expect(match(declared as { readonly [name: string]: readonly string[] }, header)).toEqual(expected)
  })

  test("every header serves at most one column, and every match is one of the headers", () => {
    const word = fc.constantFrom("a", "A", "a b", "A_B", "ab", "b", "%", "#", "id", "I.D.")
    fc.assert(
      fc.property(fc.uniqueArray(word), fc.uniqueArray(word), fc.array(word), (names, header, aliases) => {
        const found = matchHeaders(
          names.map((name) => ({ name, aliases })),
          header,
        )
        const headers = [...found.values()]
        expect(new Set(headers).size).toBe(headers.length)
        expect(header).toEqual(expect.arrayContaining(headers))
      }),
    )
  })
})

test("only letters and digits make the key of a header", () => {
  expect(headerKey("  Order-No. (new) ")).toBe("ordernonew")
  expect(headerKey("ﬁne № ２")).toBe("fineno2")
})
