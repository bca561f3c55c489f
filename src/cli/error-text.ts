import { type ErrorPlace, RowgateError } from "../errors/rowgate-error.ts"

/** An error for a person: code and what happened, the place, what to do. With `stack` also where in the code, causes included. */
export function errorText(error: unknown, { stack = false }: { readonly stack?: boolean } = {}): string {
  const lines = error instanceof RowgateError ? rowgateLines(error) : unexpectedLines(error)
  if (stack) lines.push(...stackLines(error))
  return `${lines.join("\n")}\n`
}

function rowgateLines({ code, message, origin, remedy }: RowgateError): string[] {
  const place = origin === undefined ? "" : placeText(origin)
  return [`${code}: ${message}`, ...(place === "" ? [] : [`  at: ${place}`]), ...(remedy === undefined ? [] : [`  do: ${remedy}`])]
}

/** Something that the library did not foresee; its text alone says little, so the way to say more is named. */
function unexpectedLines(error: unknown): string[] {
  return [
    `INTERNAL: ${error instanceof Error ? error.message : String(error)}`,
    "  do: Run again with LOG_LEVEL=debug to see where, and report it.",
  ]
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
  for (let cause = error; cause instanceof Error; cause = cause.cause) lines.push(cause.stack ?? cause.message)
  return lines
}
