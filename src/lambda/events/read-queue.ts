import { RowgateError } from "../../errors/rowgate-error.ts"
import { type EventFields, field, has, jsonField, objectField, optionalText, textField } from "./event-fields.ts"
import type { EventReading, NamedObjects, QueueMessage } from "./object-event.ts"

/** Reads a batch of SQS. A message that cannot be read must not stop the others, so it carries its error. */
export function readQueue(records: readonly EventFields[], read: (body: EventFields) => NamedObjects): EventReading {
  const messages = records.map((record): QueueMessage => {
    const id = textField(record, "messageId")
    const receives = receivesOf(record)
    const known = { id, ...(receives === undefined ? {} : { receives }) }
    try {
      return { ...known, ...read(jsonField(record, "body")) }
    } catch (error) {
      if (!(error instanceof RowgateError)) throw error
      return { ...known, objects: [], ignored: [], error }
    }
  })
  const fifo = records.some((record) => optionalText(record, "eventSourceARN")?.endsWith(".fifo") === true)
  return {
    objects: messages.flatMap(({ objects }) => objects),
    ignored: messages.flatMap(({ ignored }) => ignored),
    batch: { fifo, messages },
  }
}

function receivesOf(record: EventFields): number | undefined {
  if (!has(record, "attributes")) return undefined
  const count = Number(field(objectField(record, "attributes"), "ApproximateReceiveCount"))
  return Number.isSafeInteger(count) && count > 0 ? count : undefined
}
