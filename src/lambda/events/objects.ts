import { shownText } from "../../errors/shown-text.ts"
import { invalidEvent, objectNotAllowed } from "./event-error.ts"
import { type EventFields, has, objectField, optionalSize, optionalText, placeOf, textField } from "./event-fields.ts"
import type { IgnoredEvent, ObjectEvent, ObjectPlace } from "./object-event.ts"

/** S3 allows no longer keys. */
const mostKeyBytes = 1_024
/** Old buckets have names of up to 255 characters. */
const mostBucketCharacters = 255

/** Collects what an event names. */
export class Objects {
  readonly objects: ObjectEvent[] = []
  readonly ignored: IgnoredEvent[] = []
  readonly #allowed: readonly ObjectPlace[]

  constructor(allowed: readonly ObjectPlace[]) {
    this.#allowed = allowed
  }

  add(object: ObjectEvent): void {
    const { bucket, key, uri, size = 0 } = object
    if (!this.#allowed.some((place) => place.bucket === bucket && key.startsWith(place.prefix ?? "")))
      throw objectNotAllowed(
        uri,
        this.#allowed.map((place) => `s3://${place.bucket}/${place.prefix ?? ""}`),
      )
    // `s3()` skips the same objects when it lists a bucket.
    if (key.endsWith("/") && size === 0) this.ignore({ reason: "folder", message: "The key ends in a slash and the object is empty.", uri })
    else this.objects.push(object)
  }

  ignore(event: IgnoredEvent): void {
    this.ignored.push(event)
  }
}

/** The object of a record of an S3 notification. Only these have keys that are encoded, as in an HTML form. */
export function notificationObject(record: EventFields): ObjectEvent {
  const s3 = objectField(record, "s3")
  const object = objectField(s3, "object")
  return objectEvent(
    { bucket: textField(objectField(s3, "bucket"), "name"), key: decodedKey(object), place: object },
    {
      versionId: optionalText(object, "versionId"),
      etag: optionalText(object, "eTag"),
      size: optionalSize(object, "size"),
      sequencer: optionalText(object, "sequencer"),
      time: optionalText(record, "eventTime"),
    },
  )
}

/** The object of an event of EventBridge. */
export function createdObject(event: EventFields): ObjectEvent {
  const detail = objectField(event, "detail")
  const object = objectField(detail, "object")
  return objectEvent(
    { bucket: textField(objectField(detail, "bucket"), "name"), key: textField(object, "key"), place: object },
    {
      versionId: optionalText(object, "version-id"),
      etag: optionalText(object, "etag"),
      size: optionalSize(object, "size"),
      sequencer: optionalText(object, "sequencer"),
      time: optionalText(event, "time"),
    },
  )
}

/** The object that a caller names, by `bucket` and `key` or by `uri`. An `ObjectEvent` has both, so it can be sent again. */
export function directObject(event: EventFields): ObjectEvent {
  const byUri = has(event, "uri") ? parsedUri(event) : undefined
  const byKey =
    byUri === undefined || has(event, "bucket") || has(event, "key")
      ? { bucket: textField(event, "bucket"), key: textField(event, "key") }
      : byUri
  if (byUri !== undefined && (byUri.bucket !== byKey.bucket || byUri.key !== byKey.key))
    throw invalidEvent("The uri of the event names another object than its bucket and key.")
  return objectEvent(
    { ...byKey, place: event },
    {
      versionId: optionalText(event, "versionId"),
      etag: optionalText(event, "etag"),
      size: optionalSize(event, "size"),
      sequencer: optionalText(event, "sequencer"),
      time: optionalText(event, "time"),
    },
  )
}

/** The rest of the URI is the key, as it is: a key may contain a percent sign, a question mark or a number sign. */
function parsedUri(event: EventFields): { readonly bucket: string; readonly key: string } {
  const uri = textField(event, "uri")
  const slash = uri.indexOf("/", "s3://".length)
  if (!uri.startsWith("s3://") || slash < 0)
    throw invalidEvent(`${placeOf(event, "uri")} of the event must have the form s3://bucket/key; it is "${shownText(uri)}".`)
  return { bucket: uri.slice("s3://".length, slash), key: uri.slice(slash + 1) }
}

function decodedKey(object: EventFields): string {
  const encoded = textField(object, "key")
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "))
  } catch (cause) {
    throw invalidEvent(`${placeOf(object, "key")} of the event is not percent-encoded UTF-8; it is "${shownText(encoded)}".`, cause)
  }
}

type Details = { readonly [K in "versionId" | "etag" | "size" | "sequencer" | "time"]: ObjectEvent[K] | undefined }

function objectEvent(
  { bucket, key, place }: { readonly bucket: string; readonly key: string; readonly place: EventFields },
  { versionId, etag, size, sequencer, time }: Details,
): ObjectEvent {
  if (bucket === "" || bucket.length > mostBucketCharacters || bucket.includes("/"))
    throw invalidEvent(`The event names the bucket "${shownText(bucket)}", which cannot be the name of a bucket.`)
  if (key === "") throw invalidEvent(`The event names the bucket ${bucket}, but its key is empty.`)
  if (Buffer.byteLength(key) > mostKeyBytes)
    throw invalidEvent(`${placeOf(place, "key")} of the event has ${Buffer.byteLength(key)} bytes; keys have at most ${mostKeyBytes}.`)
  return {
    bucket,
    key,
    uri: `s3://${bucket}/${key}`,
    // S3 calls the version of an object in a bucket without versions "null".
    ...(versionId === undefined || versionId === "null" ? {} : { versionId }),
    ...(etag === undefined ? {} : { etag: etag.replaceAll('"', "") }),
    ...(size === undefined ? {} : { size }),
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(time === undefined ? {} : { time }),
  }
}
