import { quietCause } from "../errors/quiet-cause.ts"
import { type ErrorPlace, RowgateError } from "../errors/rowgate-error.ts"
import { commandRemedy } from "./command-remedy.ts"

/** An error in lines for a person: code and message, place, remedy. `stack` adds the stacks of the error and its causes. */
export function errorLines(error: unknown, { stack = false }: { readonly stack?: boolean } = {}): readonly string[] {
  const lines = error instanceof RowgateError ? rowgateLines(error) : unexpectedLines(error)
  if (stack) lines.push(...stackLines(error))
  return lines
}

function rowgateLines({ code, message, origin, remedy }: RowgateError): string[] {
  const place = origin === undefined ? "" : placeText(origin)
  return [
    `${code}: ${message}`,
    ...(place === "" ? [] : [`  at: ${place}`]),
    ...(remedy === undefined ? [] : [`  do: ${commandRemedy(remedy)}`]),
  ]
}

/** An error of a bug or of the user's own code. Its message may quote a row, unless the operating system wrote it. */
function unexpectedLines(error: unknown): string[] {
  const says = isOfSystem(error)
    ? error.message
    : `${error instanceof Error ? error.name : "Something"} was thrown; its message is not shown because it may quote a row`
  return [`INTERNAL: ${says}`, "  do: Run again with LOG_LEVEL=debug to see where. Report it unless your own code threw it."]
}

function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error
}

function placeText({ uri, table, row, column, offset, address }: ErrorPlace): string {
  const parts = [
    uri,
    table === undefined ? undefined : `table ${table}`,
    address ?? (row === undefined ? undefined : `row ${row}`),
    column === undefined ? undefined : `column ${column}`,
    offset === undefined ? undefined : `byte ${offset}`,
  ]
  return parts.filter((part) => part !== undefined).join(", ")
}

function stackLines(error: unknown): string[] {
  const lines: string[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { message, stack = "" } = isQuotable(cause) ? cause : quietCause(cause, "its message is left out")
    // The message stays on one line, followed by the frames.
    const end = stack.indexOf(message) + message.length
    lines.push(
      ...(end < message.length ? [message] : [stack.slice(0, end)]),
      ...stack
        .slice(end)
        .split("\n")
        .filter((frame) => frame !== ""),
    )
  }
  return lines
}

/** Messages of the library and of the operating system quote no row. */
function isQuotable(error: Error): boolean {
  return error instanceof RowgateError || isOfSystem(error)
}
