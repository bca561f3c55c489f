import { RowgateError } from "../errors/rowgate-error.ts"

/** The error of a wrong command line. */
export function usageError(message: string, command?: string): RowgateError {
  const help = command === undefined ? "rowgate --help" : `rowgate ${command} --help`
  return new RowgateError({
    code: "CONFIG_INVALID",
    message,
    remedy: `Run ${help} to see the options.`,
    origin: { uri: command === undefined ? "command line" : `command line of rowgate ${command}` },
  })
}
