import { describe, expect, test } from "vitest"
import { Random } from "../../../examples/data/random.ts"
import { clinics, drinks, people, sales } from "../detect/clean-tables.ts"
import { conditions, dependencies, type Rules, rulesOf } from "./rules-of.ts"

const times = <V>(count: number, make: (at: number) => V): V[] => Array.from({ length: count }, (_, at) => make(at))

describe("dependencies of generated tables", () => {
  test.each([people(3), drinks(4), clinics(1)])(
    "$name: those that were put in are proven, as far as they are texts, and no others",
    async ({ columns, rows }) => {
      const rules = await rulesOf(
        columns.map(({ name }) => name),
        rows,
      )
      const wanted = columns.flatMap(({ name, by }) => (by === undefined ? [] : [`${by} > ${name}`]))
      const proven = dependencies(rules, "proven")
      expect(wanted).toEqual(expect.arrayContaining([...proven]))
      const all = [...proven, ...dependencies(rules, "likely")]
      // A town determines its state too, if no two have the same name.
      expect(wanted.filter((each) => !all.includes(each) && !each.endsWith("> state"))).toEqual([])
    },
  )

  test("what may change by right is a comment", async () => {
    const { columns, rows } = sales()
    const rules = await rulesOf(
      columns.map(({ name }) => name),
      rows,
    )
    expect([...dependencies(rules, "proven")].sort()).toEqual(["customer_id > country", "customer_id > customer", "customer_id > email"])
    expect(dependencies(rules, "likely")).toEqual(["product > price"])
  })
})

describe("a dependency", () => {
  const zips = times(40, (at) => [String(10_000 + at * 7), `Town ${"abcdefghij".charAt(at % 10)}${"klmn".charAt(at % 4)}`] as const)
  const rows = times(400, (at) => {
    const [zip = "", town = ""] = zips[new Random(at).below(zips.length)] ?? []
    return [String(at), zip, town, "DE", String(new Random(at, 1).below(500))]
  })
  const columns = ["id", "zip", "town", "country", "amount"]
  const of = (rules: Rules) => rules.filter((rule) => rule.kind === "dependency")

  test("is proven with the numbers that speak for it, and ids, constants and measures have none", async () => {
    const found = of(await rulesOf(columns, rows))
    expect(found).toMatchObject([{ column: "town", determinant: "zip", rows: 400, exceptions: 0, thin: undefined }])
    expect(found[0]).toMatchObject({ groups: expect.any(Number), grouped: expect.any(Number), guessed: expect.any(Number) })
  })

  test("is a comment if a row contradicts it, and nothing if many do", async () => {
    const wrong = (every: number) => rows.map((row, at) => (at % every === 7 ? row.with(2, "Elsewhere") : row))
    expect(of(await rulesOf(columns, wrong(400)))).toMatchObject([
      { column: "town", determinant: "zip", exceptions: 1, exceptionRows: [9], thin: "1 row contradicts it" },
    ])
    expect(of(await rulesOf(columns, wrong(10)))).toEqual([])
  })

  test("is a comment if few values repeat, and nothing if next to none do", async () => {
    const few = rows.map((row, at) => row.with(1, zips[at % 8]?.[0] ?? "").with(2, zips[at % 8]?.[1] ?? ""))
    expect(of(await rulesOf(columns, few))).toMatchObject([{ thin: 'only 8 values of "zip" repeat' }])
    expect(of(await rulesOf(columns, rows.slice(0, 15)))).toEqual([])
  })

  test("of columns that determine each other, the one that identifies stands for both", async () => {
    const both = rows.map(([id = "", zip = "", , , amount = ""]) => [
      id,
      `Office ${zip}`,
      zip,
      amount,
      Number(zip) % 3 === 0 ? "north" : "south",
    ])
    const rules = await rulesOf(["id", "office", "office_no", "amount", "region"], both)
    expect(dependencies(rules, "proven")).toEqual(["office_no > office", "office_no > region"])
  })

  test("that follows from two others is left out", async () => {
    const chain = times(600, (at) => {
      const order = Math.floor(at / 3)
      const customer = order % 40
      return [`O-${order}`, `C-${customer}`, `Town ${customer % 13}`, String(new Random(at).below(1000))]
    })
    expect(dependencies(await rulesOf(["order_no", "customer_no", "town", "amount"], chain), "proven")).toEqual([
      "order_no > customer_no",
      "customer_no > town",
    ])
  })
})

describe("a column that is required where another has a value", () => {
  const paid = (at: number) => ["transfer", "card", "cash"][new Random(at, 3).below(3)] ?? ""
  const row = (at: number, iban: string) => [String(at), paid(at), iban, new Random(at).below(5) === 0 ? "" : "x"]
  const columns = ["id", "paid", "account", "note"]

  test("is proven if it is filled in all of these rows, and empty in nearly all others", async () => {
    const rows = times(400, (at) => row(at, paid(at) === "transfer" || at % 97 === 5 ? `acc ${at}` : ""))
    expect(conditions(await rulesOf(columns, rows))).toEqual([["account", "paid", ["transfer"], undefined]])
  })

  test("is a comment if other rows often have a value too", async () => {
    const rows = times(400, (at) => row(at, paid(at) === "transfer" || at % 3 === 0 ? `acc ${at}` : ""))
    expect(conditions(await rulesOf(columns, rows))).toMatchObject([
      ["account", "paid", ["transfer"], expect.stringContaining("of the other rows")],
    ])
  })

  test("is not proposed if one of the rows lacks it, or if the empty cells are anywhere", async () => {
    const lacks = times(400, (at) => row(at, paid(at) === "transfer" && at !== times(400, paid).indexOf("transfer") ? `acc ${at}` : ""))
    expect(conditions(await rulesOf(columns, lacks))).toEqual([])
    const anywhere = times(400, (at) => row(at, new Random(at, 9).below(2) === 0 ? `acc ${at}` : ""))
    expect(conditions(await rulesOf(columns, anywhere))).toEqual([])
  })
})
