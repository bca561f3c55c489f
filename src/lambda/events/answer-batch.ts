import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { callback, kind } from "../../options/option-kinds.ts"
import type { QueueBatch, QueueMessage } from "./object-event.ts"

/** What a function returns to SQS: the messages to deliver again. */
export interface BatchAnswer {
  /** The messages that failed or were not begun. SQS deletes all others. */
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/** How `answerBatch` processes the messages. */
export interface BatchOptions {
  /** Asked before each message. If it returns false, this message and all later ones stay in the queue. Default: always true. */
  readonly canBegin?: ((message: QueueMessage) => boolean) | undefined
  /** Called with each message that failed and its error, to log it. Default: nothing. */
  readonly onFailure?: ((message: QueueMessage, error: unknown) => void) | undefined
}

const batchKind = kind<QueueBatch>(
  "the batch of readEvent()",
  (value) => typeof value === "object" && value !== null && "messages" in value && Array.isArray(value.messages),
)

/**
 * Processes the messages of a batch one after another, and returns the answer for SQS. A failed message stays in the queue; the others of the batch
 * go on, except in a FIFO queue, where a later message must not overtake it.
 *
 * If no message succeeded, it throws the first failure. That has the same effect, counts as an error of the function, and also keeps the
 * messages if the event source mapping lacks `ReportBatchItemFailures`. Without that setting, SQS deletes the failed messages of a batch in which others
 * succeeded.
 */
export async function answerBatch(
  batch: QueueBatch,
  handle: (message: QueueMessage) => Promise<unknown>,
  options: BatchOptions = {},
): Promise<BatchAnswer> {
  checkArgument("answerBatch()", batch, batchKind)
  checkArgument("The second argument of answerBatch()", handle, callback("a function of a message"))
  checkOptions("answerBatch()", options, { canBegin: callback("a function of a message"), onFailure: callback("a function of a message") })
  const { fifo, messages } = batch
  const { canBegin = () => true, onFailure = () => undefined } = options
  const failed: QueueMessage[] = []
  let failure: { readonly error: unknown } | undefined
  for (const [at, message] of messages.entries()) {
    if (!canBegin(message)) {
      failed.push(...messages.slice(at))
      break
    }
    try {
      if (message.error !== undefined) throw message.error
      await handle(message)
    } catch (error) {
      failure ??= { error }
      onFailure(message, error)
      failed.push(...(fifo ? messages.slice(at) : [message]))
      if (fifo) break
    }
  }
  if (failure !== undefined && failed.length === messages.length) throw failure.error
  return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: id })) }
}
