import { RowgateError } from "../errors/rowgate-error.ts"

/** What became of the files of a load that was stopped, by their names. */
export interface StoppedFiles {
  readonly loaded: readonly string[]
  readonly refused: readonly string[]
  /** The file that was being loaded. Undefined if there was none yet. */
  readonly current: string | undefined
  readonly untried: readonly string[]
}

/** The names of more files would not fit a line. */
const mostNamed = 3

/** A signal stopped a load. The message says what is loaded and what is not. */
export class StoppedLoad extends RowgateError {
  constructor(reason: unknown, { loaded, refused, current, untried }: StoppedFiles) {
    const message = [
      reasonText(reason),
      ...(loaded.length === 0 ? [] : [`${named(loaded)} ${loaded.length === 1 ? "is" : "are"} loaded.`]),
      ...(refused.length === 0 ? [] : [`${named(refused)} ${refused.length === 1 ? "was" : "were"} refused.`]),
      `Nothing of ${current ?? "the current file"} was loaded.`,
      ...(untried.length === 0 ? [] : [`${named(untried)} ${untried.length === 1 ? "was" : "were"} not tried.`]),
    ].join(" ")
    super({ code: "ABORTED", message, remedy: "Run it again: rowgate does not load the same file twice.", cause: reason })
  }
}

/** Whether an error only tells that the signal was aborted. Some calls throw the reason of the signal as it is. */
export function isStop(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || (error instanceof RowgateError && error.code === "ABORTED"))
}

/** Why a command was stopped, in a sentence. */
export function reasonText(reason: unknown): string {
  return reason instanceof RowgateError ? reason.message : "The caller stopped the command."
}

function named(names: readonly string[]): string {
  if (names.length > mostNamed) return `${names.length} files`
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
}
