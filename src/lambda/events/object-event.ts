import type { RowgateError } from "../../errors/rowgate-error.ts"

/** An object that an event names. */
export interface ObjectEvent {
  /** The bucket's name. */
  readonly bucket: string
  /** The key, decoded. */
  readonly key: string
  /** `s3://BUCKET/KEY`, not percent-encoded, like the URI that `s3()` gives its files. */
  readonly uri: string
  /** The id of the version, if the bucket keeps versions. */
  readonly versionId?: string
  /** The etag without quotes, if the event names it. */
  readonly etag?: string
  /** Bytes, if the event names them. */
  readonly size?: number
  /**
   * A hexadecimal text that grows with each event of the same key, if the event has one. To compare two of different length, pad the shorter one with
   * zeros on the right. Events may arrive twice and in any order.
   */
  readonly sequencer?: string
  /** When the object was created, as ISO 8601, if the event says so. */
  readonly time?: string
}

/** An event that names no object to read, and why. */
export interface IgnoredEvent {
  /** `"test"`: S3 checks that it may send events. `"not-created"`: an object was deleted, tagged, archived and so on. `"folder"`: consoles create these for folders. */
  readonly reason: "test" | "not-created" | "folder"
  /** The reason as a sentence. */
  readonly message: string
  /** The event's own name, such as `ObjectRemoved:Delete`. */
  readonly event?: string
  /** The URI of the object, if the event names one. */
  readonly uri?: string
}

/** What an event names. Both lists keep the order of the event. */
export interface NamedObjects {
  /** The objects to read. */
  readonly objects: readonly ObjectEvent[]
  /** What needs no work. */
  readonly ignored: readonly IgnoredEvent[]
}

/** An event as `readEvent` understands it. If it came from SQS, the lists have the objects of all messages that could be read. */
export interface EventReading extends NamedObjects {
  /** The messages, if the event came from SQS. Each of them succeeds or fails by itself: see `answerBatch`. */
  readonly batch?: QueueBatch
}

/** The messages of one call from SQS. */
export interface QueueBatch {
  /** Whether the queue is a FIFO queue, whose messages must be processed in order. */
  readonly fifo: boolean
  /** The messages in the order of the queue. */
  readonly messages: readonly QueueMessage[]
}

/** One message of SQS. */
export interface QueueMessage extends NamedObjects {
  /** The id to report if the message fails. */
  readonly id: string
  /** How often SQS has delivered the message, from 1, if the event says so. */
  readonly receives?: number
  /** Why the message cannot be read (`EVENT_INVALID`, `OBJECT_NOT_ALLOWED`). Then it names no objects. */
  readonly error?: RowgateError
}

/** Where objects may be. */
export interface ObjectPlace {
  /** The bucket's name. */
  readonly bucket: string
  /** The text that keys must begin with. Default: any key. */
  readonly prefix?: string | undefined
}
