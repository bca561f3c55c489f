import { expect, test } from "vitest"
import { Plan, type PlanJson } from "../../src/contract/plan.ts"

const json: PlanJson = {
  headers: {
    orders: [
      ["orderId", "Order No."],
      ["note", null],
    ],
  },
  dates: { on: "day-first" },
  kinds: { amount: "number", blank: null },
  dialects: { orders: { format: "csv", encoding: { value: "utf-8", confidence: 1, evidence: "declared" } } },
  own: { "mine.key": [1, { two: "three" }] },
}

test("a plan restored from its JSON has every decision and the same hash", () => {
  const plan = new Plan(json)
  const back = Plan.from(JSON.parse(JSON.stringify(plan)))
  expect(back.toJSON()).toEqual(json)
  expect(back.hash).toBe(plan.hash)
  expect(back.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(new Plan({ ...json, dates: { on: "month-first" } }).hash).not.toBe(plan.hash)
  expect(back.headers("orders")).toEqual(json.headers?.["orders"])
  expect(back.dates("on")).toBe("day-first")
  expect(back.dialect("orders")).toEqual(json.dialects?.["orders"])
  expect([...back.kinds()]).toEqual([
    ["amount", "number"],
    ["blank", null],
  ])
  expect(back.settle("mine.key", () => "other")).toEqual([1, { two: "three" }])
})

test("anything that is not a plan is an empty plan", () => {
  for (const wrong of [undefined, null, 7, "x", [], { dates: [], "normalize.dates:at": "day-first" }])
    expect(Plan.from(wrong).toJSON()).toEqual({})
})

test("a decision that is made stays, and an order of keys does not change the plan", () => {
  const [one, other] = [new Plan(), new Plan()]
  one.settleDates("a", () => "mixed")
  one.settleDates("b", () => "undecided")
  other.settleDates("b", () => "undecided")
  other.settleDates("a", () => "mixed")
  expect(one.settleDates("a", () => "day-first")).toBe("mixed")
  expect(JSON.stringify(one)).toBe(JSON.stringify(other))
})

test("a key such as __proto__ is a key like any other", () => {
  const plan = new Plan()
  plan.bindHeaders("__proto__", [["a", "A"]])
  plan.settle("__proto__", () => 1)
  expect(Plan.from(JSON.parse(JSON.stringify(plan))).headers()).toEqual([["a", "A"]])
  expect(Object.getPrototypeOf(plan.toJSON())).toBe(Object.prototype)
})

test("a contradiction is learned only if the delivery can be started again", () => {
  const final = new Plan({ dates: { on: "day-first" } })
  expect(final.contradict({ dates: { on: "mixed" } })).toBe(false)
  expect([final.isContradicted, final.lessons]).toEqual([false, {}])

  const plan = new Plan({ dates: { on: "day-first" } }, { revisable: true })
  plan.note({ dialects: { t: { keys: ["a"] } } })
  expect(plan.isContradicted).toBe(false)
  plan.bindHeaders("t", [["a", "A"]])
  expect(plan.contradict({ dates: { on: "mixed" }, dialects: { t: { width: 3 } } })).toBe(true)
  expect(plan.dates("on")).toBe("day-first")
  const next = plan.revised()
  expect(next.toJSON()).toEqual({ dates: { on: "mixed" }, dialects: { t: { keys: ["a"], width: 3 } } })
  expect(next.contradict({ dates: { on: "day-first" } })).toBe(false)
})

test("a delivery does not start again if nothing was learned", () => {
  expect(new Plan({}, { revisable: true }).contradict()).toBe(false)
})
