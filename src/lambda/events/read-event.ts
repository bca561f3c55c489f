import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { anyText, fullList, needed, options, text } from "../../options/option-kinds.ts"
import { shownValue } from "../../options/shown-value.ts"
import { invalidEvent } from "./event-error.ts"
import { type EventFields, eventFields, field, has, jsonField, objectField, objectList, textField } from "./event-fields.ts"
import type { EventReading, IgnoredEvent, NamedObjects, ObjectEvent, ObjectPlace } from "./object-event.ts"
import { createdObject, directObject, notificationObject, Objects } from "./objects.ts"
import { readQueue } from "./read-queue.ts"

const places = fullList(
  options<ObjectPlace>({ bucket: needed(text("the name of a bucket")), prefix: anyText() }),
  'a list of places, such as { bucket: "landing" }',
)

/**
 * Reads the event of a Lambda function: which objects to read, and what to ignore. Understands
 *
 * - notifications of S3 and of services that speak S3, with any number of records, and their test event;
 * - `Object Created` of EventBridge;
 * - either of them through SNS, through SQS, or through SNS and SQS, with or without raw message delivery;
 * - `{ bucket, key, versionId? }` and `{ uri: "s3://bucket/key", versionId? }`, as a direct call, the input of a state machine, or a message of SQS.
 *
 * Throws `EVENT_INVALID` for any other event, and `OBJECT_NOT_ALLOWED` for an object outside of `allowed`; neither is retryable. For a batch of
 * SQS, each message carries its own error instead.
 */
export function readEvent(event: unknown, allowed: readonly ObjectPlace[]): EventReading {
  checkArgument("The places of readEvent()", allowed, places)
  const fields = eventFields(event, "")
  const records = recordsOf(fields, "aws:sqs")
  return records === undefined ? namedObjects(fields, allowed) : readQueue(records, (message) => namedObjects(message, allowed))
}

/** The objects that an event names, unless it is a batch of SQS. */
function namedObjects(event: EventFields, allowed: readonly ObjectPlace[]): NamedObjects {
  const into = new Objects(allowed)
  read(event, into, "any")
  return { objects: into.objects, ignored: into.ignored }
}

/** SNS wraps an event of S3, but never another event of SNS. */
function read(event: EventFields, into: Objects, within: "any" | "sns"): void {
  if (has(event, "Records")) readRecords(event, into, within)
  else if (field(event, "Event") === "s3:TestEvent") into.ignore(testEvent)
  else if (has(event, "detail-type")) readEventBridge(event, into)
  else if (within === "any" && field(event, "Type") === "Notification") read(jsonField(event, "Message"), into, "sns")
  else if (has(event, "uri") || has(event, "bucket") || has(event, "key")) into.add(directObject(event))
  else throw unknownEvent(event)
}

function readRecords(event: EventFields, into: Objects, within: "any" | "sns"): void {
  if (within === "any" && recordsOf(event, "aws:sns") !== undefined) {
    for (const record of objectList(event, "Records")) read(jsonField(objectField(record, "Sns"), "Message"), into, "sns")
    return
  }
  for (const record of objectList(event, "Records")) {
    const source = sourceOf(record)
    // MinIO, Ceph and others use their own name before the colon.
    if (!source.endsWith(":s3"))
      throw invalidEvent(`${record.place} of the event comes from ${shownValue(source)}, which is not expected here.`)
    const name = textField(record, "eventName").replace("s3:", "")
    if (name.startsWith("ObjectCreated:")) into.add(notificationObject(record))
    else into.ignore(notCreated(name, () => notificationObject(record)))
  }
}

function readEventBridge(event: EventFields, into: Objects): void {
  const source = textField(event, "source")
  const type = textField(event, "detail-type")
  if (source !== "aws.s3") throw invalidEvent(`The event comes from ${shownValue(source)} of EventBridge, not from aws.s3.`)
  if (type === "Object Created") into.add(createdObject(event))
  else into.ignore(notCreated(type, () => createdObject(event)))
}

/** The records of the event, if the first of them comes from `source`. All others must come from there too. */
function recordsOf(event: EventFields, source: string): readonly EventFields[] | undefined {
  if (!Array.isArray(field(event, "Records"))) return undefined
  const records = objectList(event, "Records")
  const first = records[0]
  if (first === undefined || sourceOf(first) !== source) return undefined
  const other = records.find((record) => sourceOf(record) !== source)
  if (other !== undefined) throw invalidEvent(`${other.place} of the event does not come from ${source}, like the records before it.`)
  return records
}

/** SNS writes its name with a capital. */
function sourceOf(record: EventFields): string {
  return textField(record, has(record, "EventSource") ? "EventSource" : "eventSource")
}

const testEvent: IgnoredEvent = {
  reason: "test",
  message: "S3 sent its test event, which names no object.",
  event: "s3:TestEvent",
}

/** Events of other kinds may have other fields, so the object is named if it can be. */
function notCreated(name: string, readObject: () => ObjectEvent): IgnoredEvent {
  const event = shownText(name)
  return { reason: "not-created", message: `The event ${event} creates no object.`, event, ...uriOf(readObject) }
}

function uriOf(readObject: () => ObjectEvent): { readonly uri?: string } {
  try {
    return { uri: readObject().uri }
  } catch (error) {
    if (error instanceof RowgateError) return {}
    throw error
  }
}

function unknownEvent({ fields, place }: EventFields): RowgateError {
  const names = Object.keys(fields)
    .slice(0, 10)
    .map((name) => shownText(name))
  const found = names.length === 0 ? "is an empty object" : `has the fields ${names.join(", ")}, but names no object of S3`
  return invalidEvent(`${place === "" ? "The event" : `${place} of the event`} ${found}.`)
}
