import { RowgateError } from "../../errors/rowgate-error.ts"

/** The error for a round of validation that nobody has asked for. */
export function noSuchRound(uri: string, round: number): RowgateError {
  return new RowgateError({
    code: "EVENT_INVALID",
    message: `The scorer has not asked for the round ${round} of ${uri}.`,
    remedy: "Pass the round that the scorer has returned with the status revalidate.",
    origin: { uri },
  })
}
