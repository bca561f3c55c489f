import { RowgateError } from "../errors/rowgate-error.ts"

/** A command line that cannot be followed. */
export function usageError(message: string, command?: string): RowgateError {
  const help = command === undefined ? "rowgate --help" : `rowgate ${command} --help`
  return new RowgateError({
    code: "CONFIG_INVALID",
    message,
    remedy: `Run ${help} to see what can be written.`,
    origin: { uri: command === undefined ? "command line" : `command line of rowgate ${command}` },
  })
}
