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
