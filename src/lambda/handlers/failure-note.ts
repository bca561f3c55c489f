import { HandlerError, handlerError } from "./handler-error.ts"
import { readJson } from "./stored-json.ts"
import type { OpenDelivery, Workshop } from "./workshop.ts"

/** The last final error of a step that worked on a part. */
export interface FailureNote {
  /** The name of the error, such as `Rowgate.PIPELINE_INVALID`. */
  readonly error: string
  readonly message: string
  readonly part: number
}

const mayPass = ["Rowgate.Retryable", "Rowgate.OutOfTime"]

/** Notes a final error of a part beside the parts, because a state machine only learns that a child of its map has failed. */
export async function noteFailure(workshop: Workshop, manifest: string, part: number, failure: unknown): Promise<void> {
  const thrown = handlerError(failure)
  const error = thrown instanceof Error ? thrown.name : "Error"
  // The message of an error that is not rowgate's own may quote a row.
  const message = thrown instanceof HandlerError ? thrown.message : "The log of the function says where."
  if (mayPass.includes(error)) return
  const delivery = await workshop.find(manifest)
  if (delivery === undefined) return
  const note: FailureNote = { error, message, part }
  // Replaces the note of an earlier execution.
  await workshop.processing.write(delivery.objects.failure, [Buffer.from(JSON.stringify(note))])
}

/** The error that a step has noted; undefined if none has. */
export function notedFailure(workshop: Workshop, { objects }: OpenDelivery): Promise<FailureNote | undefined> {
  return readJson<FailureNote>(workshop.processing, objects.failure)
}
