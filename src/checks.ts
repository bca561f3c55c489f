export { gtin } from "./checks/checksums/gtin.ts"
export { iban } from "./checks/checksums/iban.ts"
export { isbn } from "./checks/checksums/isbn.ts"
export { isin } from "./checks/checksums/isin.ts"
export { luhn } from "./checks/checksums/luhn.ts"
export { type VatNumberOptions, type VatPrefix, vatNumber } from "./checks/checksums/vat-number.ts"
export { type CommonFormatOptions, commonFormat } from "./checks/common-format.ts"
export type {
  CellCheckDefinition,
  CellCheckFactory,
  CheckDefinition,
  CheckFinding,
  Found,
  OptionsArgument,
  RowCheckDefinition,
  RowCheckFactory,
} from "./checks/define-check.ts"
export { defineCheck, defineRowCheck } from "./checks/define-check.ts"
export { type DependsOnOptions, dependsOn } from "./checks/depends-on.ts"
export { type EquationOptions, productOf, type SumOptions, sumOf } from "./checks/equation.ts"
export { inList } from "./checks/in-list.ts"
export { keysFrom, type RowsOf } from "./checks/keys-from.ts"
export { type Answer, type LookUpFinding, type LookUpOptions, lookUp } from "./checks/look-up.ts"
export { type MatchesOptions, matches } from "./checks/matches.ts"
export { type NearDuplicatesOptions, nearDuplicates } from "./checks/near-duplicates.ts"
export { ordered } from "./checks/ordered.ts"
export { type OutliersOptions, outliers } from "./checks/outliers.ts"
export { references } from "./checks/references.ts"
export { type Condition, requiredIf } from "./checks/required-if.ts"
export { type TrailerOptions, trailer } from "./checks/trailer.ts"
