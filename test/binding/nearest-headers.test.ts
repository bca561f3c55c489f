import { expect, test } from "vitest"
import { isNearMiss, nearestHeaders, proposedHeaders } from "../../src/binding/nearest-headers.ts"

test("the headers that are most similar to a name come first, whatever their case and punctuation", () => {
  expect(nearestHeaders(["amuont"], ["id", "Total", "A-mount", "account"])).toEqual(["A-mount", "account", "id"])
  expect(nearestHeaders(["x", "Summe"], ["amount", "SUMMEN"])[0]).toBe("SUMMEN")
  expect(nearestHeaders(["x"], [])).toEqual([])
})

test("a name is a near miss of a header that is a letter or two away, unless only its number differs or it is short", () => {
  for (const [name, header] of [
    ["amuont", "Amount"],
    ["amout", "amount"],
    ["custmerNamee", "customer_name"],
  ] as const)
    expect(isNearMiss(name, header), name).toBe(true)
  for (const [name, header] of [
    ["address1", "address2"],
    ["id", "ip"],
    ["q1_2023", "q1_2024"],
    ["note", "amount"],
    ["amount", "Amount"],
  ] as const)
    expect(isNearMiss(name, header), name).toBe(false)
})

test("long names and thousands of headers are compared quickly", () => {
  const long = "a".repeat(1 << 20)
  const started = performance.now()
  nearestHeaders(
    [long],
    Array.from({ length: 16_384 }, (_, at) => `${long.slice(0, 1000)}${at}`),
  )
  expect(performance.now() - started).toBeLessThan(2000)
})

const column = (name: string, ...aliases: readonly string[]) => ({ name, aliases })
const proposed = (name: string, header: readonly string[]) => proposedHeaders([column(name)], header).get(name)

test("the header that is most like a name is proposed with its likeness", () => {
  expect(proposed("amuont", ["id", "Amount"])).toEqual({ header: "Amount", likeness: 1 - 1 / 6 })
  expect(proposed("mail", ["E-Mail", "When"])).toEqual({ header: "E-Mail", likeness: 0.8 })
  expect(proposed("orderDate", ["Order No.", "Date of order"])).toEqual({ header: "Date of order", likeness: 1 - 2 / 11 })
  expect(proposed("Grösze", ["Große", "Farbe"])?.header).toBe("Große")
})

test("nothing is proposed if no header is alike, or if two are equally alike", () => {
  expect(proposed("amount1", ["amount2", "amount3"])).toBe(undefined)
  expect(proposed("total", ["id", "name"])).toBe(undefined)
  expect(proposed("total", [])).toBe(undefined)
})

test("a header is proposed for the column that is most like it, and for none if two columns are", () => {
  expect([...proposedHeaders([column("amount"), column("amounts_net")], ["Amounts"])]).toEqual([
    ["amount", { header: "Amounts", likeness: 1 - 1 / 7 }],
  ])
  expect(proposedHeaders([column("amount1"), column("amount2")], ["amount"])).toEqual(new Map())
  expect(proposedHeaders([column("price"), column("cost", "prices")], ["pricez"]).size).toBe(0)
})
