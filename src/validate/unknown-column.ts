import { RowgateError } from "../errors/rowgate-error.ts"

/** The error for a rule that names a column that the rows do not have. The types prevent this, but a pipeline in JavaScript may get here. */
export function unknownColumn(rule: string, column: string, names: readonly string[]): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The rule ${rule} names the column "${column}", which is not among ${names.slice(0, 30).join(", ")}.`,
    remedy: "Name a column that the previous stage returns.",
  })
}
