import { quietCause } from "../errors/quiet-cause.ts"
import { type ErrorPlace, RowgateError } from "../errors/rowgate-error.ts"

/** An error for a person: code and what happened, the place, what to do. With `stack` also where in the code, causes included. */
export function errorLines(error: unknown, { stack = false }: { readonly stack?: boolean } = {}): readonly string[] {
  const lines = error instanceof RowgateError ? rowgateLines(error) : unexpectedLines(error)
  if (stack) lines.push(...stackLines(error))
  return lines
}

function rowgateLines({ code, message, origin, remedy }: RowgateError): string[] {
  const place = origin === undefined ? "" : placeText(origin)
  return [`${code}: ${message}`, ...(place === "" ? [] : [`  at: ${place}`]), ...(remedy === undefined ? [] : [`  do: ${remedy}`])]
}

/** Something that the library did not foresee, or that code of the user's threw: its message may quote a row, unless the system made it. */
function unexpectedLines(error: unknown): string[] {
  const says = isOfSystem(error)
    ? error.message
    : `${error instanceof Error ? error.name : "Something"} was thrown, whose message may quote a row`
  return [`INTERNAL: ${says}`, "  do: Run again with LOG_LEVEL=debug to see where, and report it if it is not thrown by code of your own."]
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
    // The message stays one line; where it stands at the top of the stack, the frames follow it.
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

/** What the library or the system made quotes no row. */
function isQuotable(error: Error): boolean {
  return error instanceof RowgateError || isOfSystem(error)
}
