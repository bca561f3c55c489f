import { RowgateError } from "../errors/rowgate-error.ts"

/** The error of a wrong command line. */
export function usageError(message: string, command?: string): RowgateError {
  const help = command === undefined ? "rowgate --help" : `rowgate ${command} --help`
  const what = command === undefined ? "commands" : "options"
  return new RowgateError({ code: "CONFIG_INVALID", message, remedy: `Run ${help} to see the ${what}.` })
}
