/**
 * An error as it may stand beneath one of the library's own: its name and where in the code it was thrown, without its message, for that may
 * quote a row. `says` goes in the place of the message.
 */
export function quietCause(error: unknown, says: string): Error {
  const quiet = new Error(says)
  if (!(error instanceof Error)) return Object.assign(quiet, { stack: says })
  quiet.name = error.name
  quiet.stack = `${error.name}: ${says}${frames(error)}`
  return quiet
}

/** The lines of a stack that name places of the code. The message stands before them, and may look like them. */
function frames({ stack = "", message }: Error): string {
  const at = stack.indexOf(message)
  if (at < 0) return ""
  const after = stack.slice(at + message.length)
  return after.startsWith("\n    at ") ? after : ""
}
