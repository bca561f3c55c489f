import { expect, test } from "vitest"
import { iban } from "../../src/normalize/iban.ts"
import { stageContext } from "../run-stage.ts"

const read = (text: string) => iban().parse(text, stageContext())

test.each([
  ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000"],
  ["de89-3704-0044-0532-0130-00", "DE89370400440532013000"],
  ["IBAN: GB82\u00a0WEST 1234 5698 7654 32", "GB82WEST12345698765432"],
])("%j is read as %s", (given, plain) => {
  expect(read(given)).toBe(plain)
})

test.each([
  ["DE88 3704 0044 0532 0130 00", "its check digits do not match."],
  ["DE89 3704 0044 0532 0130 0", "it has 21 characters, but those of DE have 22."],
  ["XX89 3704 0044 0532 0130 00", "it does not begin with the code of a country that has them."],
  ["GB82 1234 1234 5698 7654 32", "it has letters or digits where those of GB have none."],
  ["n/a", "it does not begin with the code of a country that has them."],
  ["DE".repeat(10_000), "it does not begin with the code of a country that has them."],
])("%s is not an IBAN, for a reason", (given, reason) => {
  expect(read(given)).toMatchObject({ code: "iban.unreadable", message: expect.stringContaining(reason) })
})

test("letters that look like digits are suggested as digits if the check digits agree", () => {
  expect(read("DE89 37O4 0044 0532 0I30 00")).toMatchObject({ suggestion: 'Did you mean "DE89370400440532013000"?' })
  expect(read("DE88 37O4 0044 0532 0I30 00")).not.toHaveProperty("suggestion")
})
