import { expect, test } from "vitest"
import { Plan } from "../../src/contract/plan.ts"
import type { Reject } from "../../src/model/reject.ts"
import { Redaction } from "../../src/postgres/ledger/redaction.ts"

const secret = "DE02120300000000202051"
const reject: Reject = { origin: { uri: "memory:a.csv", row: 2 }, raw: { id: "x", Konto: secret }, issues: [] }

/** The plan, as if its JSON had another name. */
class RenamedPlan extends Plan {
  override toJSON() {
    return {}
  }
}

test.each([
  ["as it is", new Plan()],
  ["under other keys", new RenamedPlan()],
])("a redacted column is hidden under the header that it was found under, with the plan's JSON %s", (_name, plan) => {
  plan.bindHeaders("a.csv", [["iban", "Konto"]])
  const redaction = new Redaction({ redact: ["account_no"], columns: { iban: "account_no" } }, plan)
  expect(redaction.reject(reject).raw).toEqual({ id: "x", Konto: "[redacted]" })
})

test.each(["KONTO NR", "Kónto-Nr", "kontonr"])(
  "a redacted column is hidden under the header %s, which has its name in other letters",
  (header) => {
    const redaction = new Redaction({ redact: ["kontoNr"] }, new Plan())
    expect(redaction.reject({ ...reject, raw: { id: "x", [header]: secret } }).raw).toEqual({ id: "x", [header]: "[redacted]" })
  },
)

test("a column that is found only in a late batch is hidden from then on", () => {
  const plan = new Plan()
  const redaction = new Redaction({ redact: ["iban"] }, plan)
  const early: Reject = { ...reject, raw: { id: "y" } }
  expect(redaction.reject(early).raw).toEqual({ id: "y" })
  plan.bindHeaders("a.csv", [["iban", "Konto"]])
  expect(redaction.reject(reject).raw).toEqual({ id: "x", Konto: "[redacted]" })
})

test("a name is followed from a header through several stages to the database", () => {
  const plan = new Plan()
  plan.bindHeaders("a.csv", [["account", "Konto"]])
  plan.bindHeaders("a.csv", [["iban", "account"]])
  const redaction = new Redaction({ redact: ["account_no"], columns: { iban: "account_no" } }, plan)
  expect(redaction.reject(reject).raw).toEqual({ id: "x", Konto: "[redacted]" })
})
