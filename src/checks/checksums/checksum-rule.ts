import { type Checksum, plainDigits } from "../../cells/checksums/checksum.ts"
import { quoted } from "../../cells/readers/quoted.ts"
import type { KeyCheck } from "../../contract/check.ts"
import type { JsonValue } from "../../model/json-value.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { text as textKind } from "../../options/option-kinds.ts"
import { textRule } from "../text-rule.ts"

/** Makes the check of a column of numbers with check digits. */
export function checksumRule<const K extends string>(column: K, { name, kind, faultOf }: Checksum, parameters?: JsonValue): KeyCheck<K> {
  checkArgument(`The column of ${name}()`, column, textKind("the name of a column"), "PIPELINE_INVALID")
  return textRule({
    name: `${name}.${column}`,
    column,
    dimension: "accuracy",
    parameters,
    begin: () => (text, isNumber) => {
      const plain = plainDigits(text)
      const fault = faultOf(plain, isNumber)
      if (fault === undefined) return undefined
      const { code, reason } = fault
      // People and scanners confuse these letters with digits; the check digits prove which was meant.
      const digits = plain.slice(0, 2) + plain.slice(2).replaceAll("O", "0").replaceAll("I", "1")
      const meant = [digits, plain.replaceAll("O", "0").replaceAll("I", "1")].find(
        (each) => each !== plain && faultOf(each, false) === undefined,
      )
      const suggestion = meant === undefined ? undefined : `Did you mean ${quoted(meant)}?`
      return { code, message: `${quoted(text)} is not ${kind}: ${reason}.`, suggestion }
    },
  })
}
