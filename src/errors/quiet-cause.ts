/**
 * A copy of an error that is safe as the `cause` of one of the library's own: it keeps the name and the stack, but replaces the message, which may
 * quote a row, with `says`.
 */
export function quietCause(error: unknown, says: string): Error {
  const quiet = new Error(says)
  if (!(error instanceof Error)) return Object.assign(quiet, { stack: says })
  quiet.name = error.name
  quiet.stack = `${error.name}: ${says}${frames(error)}`
  return quiet
}

/** The stack below the message. The message comes first, and may look like lines of a stack. */
function frames({ stack = "", message }: Error): string {
  const at = stack.indexOf(message)
  if (at < 0) return ""
  const after = stack.slice(at + message.length)
  return after.startsWith("\n    at ") ? after : ""
}
