import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import type { EventReading, ObjectPlace } from "../../../src/lambda/events/object-event.ts"
import { readEvent } from "../../../src/lambda/events/read-event.ts"
import { eventBridgeEvent, s3Notification, s3Record, s3TestEvent, snsEnvelope, snsEvent, sqsEvent } from "./sample-events.ts"

const landing: readonly ObjectPlace[] = [{ bucket: "landing" }]
const keysOf = ({ objects }: EventReading) => objects.map(({ key }) => key)

function refusal(event: unknown, allowed = landing): RowgateError {
  try {
    readEvent(event, allowed)
  } catch (error) {
    if (error instanceof RowgateError) return error
    throw error
  }
  throw new Error("The event was accepted.")
}

test("a notification of S3 names its object, version, etag, size, sequencer and time", () => {
  expect(readEvent(s3Notification(s3Record("orders.csv")), landing)).toEqual({
    objects: [
      {
        bucket: "landing",
        key: "orders.csv",
        uri: "s3://landing/orders.csv",
        versionId: "096fKKXTRTtl3on89fVO.nfljtsv6qko",
        etag: "d41d8cd98f00b204e9800998ecf8427e",
        size: 1024,
        sequencer: "0055AED6DCD90281E5",
        time: "2026-11-30T03:04:05.678Z",
      },
    ],
    ignored: [],
  })
})

test("an event of EventBridge names its object, version, etag, size, sequencer and time", () => {
  expect(readEvent(eventBridgeEvent("in/orders.csv"), landing)).toEqual({
    objects: [
      {
        bucket: "landing",
        key: "in/orders.csv",
        uri: "s3://landing/in/orders.csv",
        versionId: "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        etag: "b1946ac92492d2347c6235b4d2611184",
        size: 5,
        sequencer: "00617F08299329D189",
        time: "2026-11-30T03:04:05Z",
      },
    ],
    ignored: [],
  })
})

test("all records of a notification are read, in order", () => {
  expect(keysOf(readEvent(s3Notification(s3Record("b"), s3Record("a"), s3Record("b")), landing))).toEqual(["b", "a", "b"])
})

test.each([
  ["{ bucket, key }", { bucket: "landing", key: "a b+c%20d.csv" }, "a b+c%20d.csv"],
  ["{ uri }", { uri: "s3://landing/in/a b+c%20d.csv?x#y" }, "in/a b+c%20d.csv?x#y"],
  ["an object of an earlier reading", readEvent(s3Notification(s3Record("a+b")), landing).objects[0], "a b"],
])("a direct call may pass %s, whose key is taken as it is", (_form, event, key) => {
  expect(keysOf(readEvent(event, landing))).toEqual([key])
})

test("a direct call may name a version", () => {
  expect(readEvent({ bucket: "landing", key: "a", versionId: "v1" }, landing).objects[0]?.versionId).toBe("v1")
  expect(readEvent({ uri: "s3://landing/a", versionId: "v1" }, landing).objects[0]?.versionId).toBe("v1")
})

test("a version called null is no version", () => {
  const unversioned = s3Record("a", { object: { versionId: "null" } })
  expect(readEvent(s3Notification(unversioned), landing).objects[0]).not.toHaveProperty("versionId")
  expect(readEvent({ bucket: "landing", key: "a", versionId: null }, landing).objects[0]).not.toHaveProperty("versionId")
})

test("a service that speaks S3 may call itself and its events differently", () => {
  const record = { ...s3Record("in%2Forders.csv", { eventName: "s3:ObjectCreated:Put" }), eventSource: "minio:s3" }
  expect(keysOf(readEvent({ EventName: "s3:ObjectCreated:Put", Key: "landing/in/orders.csv", Records: [record] }, landing))).toEqual([
    "in/orders.csv",
  ])
})

describe("keys", () => {
  test.each([
    ["in/my+orders.csv", "in/my orders.csv"],
    ["a%2Bb.csv", "a+b.csv"],
    ["a%252Bb.csv", "a%2Bb.csv"],
    ["100%25.csv", "100%.csv"],
    ["K%C3%B6ln/%E2%82%AC+%F0%9F%9A%80.csv", "Köln/€ 🚀.csv"],
    ["in%2Forders.csv", "in/orders.csv"],
    ["..%2F..%2Fetc", "../../etc"],
    ["%00", "\0"],
  ])("S3 encodes %s, which means %s", (encoded, key) => {
    expect(keysOf(readEvent(s3Notification(s3Record(encoded)), landing))).toEqual([key])
  })

  test("every key survives the encoding of S3", () => {
    const key = fc.string({ unit: "binary", minLength: 1, maxLength: 80 }).filter((text) => !text.endsWith("/"))
    fc.assert(
      fc.property(key, (text) => {
        const encoded = encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%20", "+")
        expect(keysOf(readEvent(s3Notification(s3Record(encoded)), landing))).toEqual([text])
      }),
    )
  })

  test.each(["a+b", "a%2Bb", "100%", "K\u00f6ln"])("EventBridge does not encode %s", (key) => {
    expect(keysOf(readEvent(eventBridgeEvent(key), landing))).toEqual([key])
  })

  test.each(["100%", "%FF.csv", "%E2%82"])("the key %s of a notification is refused, because it cannot be decoded", (key) => {
    const error = refusal(s3Notification(s3Record(key)))
    expect(error).toMatchObject({ code: "EVENT_INVALID", retryable: false })
    expect(error.message).toBe(`Records[0].s3.object.key of the event is not percent-encoded UTF-8; it is "${key}".`)
  })

  test.each([s3Notification(s3Record("")), eventBridgeEvent(""), { bucket: "landing", key: "" }, { uri: "s3://landing/" }])(
    "an empty key is refused",
    (event) => {
      expect(refusal(event).message).toBe("The event names the bucket landing, but its key is empty.")
    },
  )

  test("a key may have 1,024 bytes, and no more", () => {
    expect(keysOf(readEvent({ bucket: "landing", key: "é".repeat(512) }, landing))).toHaveLength(1)
    expect(refusal({ bucket: "landing", key: "é".repeat(513) }).message).toBe("key of the event has 1026 bytes; keys have at most 1024.")
  })
})

describe("ignored", () => {
  test("the test event of S3, directly and through SQS and SNS", () => {
    const ignored = [{ reason: "test", message: "S3 sent its test event, which names no object.", event: "s3:TestEvent" }]
    expect(readEvent(s3TestEvent, landing)).toEqual({ objects: [], ignored })
    expect(readEvent(sqsEvent([s3TestEvent]), landing)).toMatchObject({ objects: [], ignored })
    expect(readEvent(sqsEvent([snsEnvelope(s3TestEvent)]), landing)).toMatchObject({ objects: [], ignored })
    expect(readEvent(snsEvent(s3TestEvent), landing)).toEqual({ objects: [], ignored })
  })

  test.each([
    "ObjectRemoved:Delete",
    "ObjectRemoved:DeleteMarkerCreated",
    "LifecycleExpiration:Delete",
    "LifecycleTransition",
    "ObjectRestore:Completed",
    "ObjectTagging:Put",
    "s3:ObjectRemoved:Delete",
  ])("%s, beside an object that was created", (eventName) => {
    const event = eventName.replace("s3:", "")
    expect(readEvent(s3Notification(s3Record("old", { eventName }), s3Record("new")), landing)).toMatchObject({
      objects: [{ key: "new" }],
      ignored: [{ reason: "not-created", message: `The event ${event} creates no object.`, event, uri: "s3://landing/old" }],
    })
  })

  test.each(["Object Deleted", "Object Restore Initiated", "Object Tags Added"])("%s of EventBridge", (type) => {
    expect(readEvent(eventBridgeEvent("old", { type }), landing)).toEqual({
      objects: [],
      ignored: [{ reason: "not-created", message: `The event ${type} creates no object.`, event: type, uri: "s3://landing/old" }],
    })
  })

  test("an event of another kind, whatever its fields are", () => {
    const event = { source: "aws.s3", "detail-type": "AWS API Call via CloudTrail", detail: { eventName: "PutObject" } }
    expect(readEvent(event, landing).ignored).toEqual([
      {
        reason: "not-created",
        message: "The event AWS API Call via CloudTrail creates no object.",
        event: "AWS API Call via CloudTrail",
      },
    ])
  })

  test("folders: empty objects whose keys end in a slash", () => {
    const records = [s3Record("in/", { object: { size: 0 } }), s3Record("in/data/", { object: { size: 9 } })]
    expect(readEvent(s3Notification(...records), landing)).toMatchObject({
      objects: [{ key: "in/data/" }],
      ignored: [{ reason: "folder", uri: "s3://landing/in/" }],
    })
    expect(readEvent({ uri: "s3://landing/in/" }, landing).ignored).toMatchObject([{ reason: "folder" }])
  })
})

describe("places", () => {
  const places = [{ bucket: "landing", prefix: "in/" }, { bucket: "uploads" }]

  test("objects below any of the places are read", () => {
    const event = s3Notification(s3Record("in/a"), s3Record("b", { bucket: "uploads" }))
    expect(readEvent(event, places).objects.map(({ uri }) => uri)).toEqual(["s3://landing/in/a", "s3://uploads/b"])
  })

  test.each([
    ["another bucket", eventBridgeEvent("in/a", { bucket: "loot" }), "s3://loot/in/a"],
    ["a bucket with a longer name", { uri: "s3://landing-2/in/a" }, "s3://landing-2/in/a"],
    ["a key outside of the prefix", s3Notification(s3Record("out%2Fa")), "s3://landing/out/a"],
    ["a key that begins with a part of the prefix", { bucket: "landing", key: "in" }, "s3://landing/in"],
    ["one of several records", s3Notification(s3Record("in/a"), s3Record("a")), "s3://landing/a"],
    ["a folder", { bucket: "landing", key: "out/" }, "s3://landing/out/"],
  ])("%s is refused by its name, for good", (_what, event, uri) => {
    const error = refusal(event, places)
    expect(error).toMatchObject({ code: "OBJECT_NOT_ALLOWED", retryable: false, origin: { uri } })
    expect(error.message).toBe(`The event names ${uri}, but this function only reads objects below s3://landing/in/, s3://uploads/.`)
  })

  test.each([
    [[], "The places of readEvent() takes a list of places"],
    [undefined, "The places of readEvent() takes a list of places"],
    [[{ bucket: "" }], "bucket"],
    [[{ prefix: "a" }], "bucket"],
    [[{ bucket: "a", key: "b" }], "key"],
  ])("a wrong list of places is refused: %j", (allowed, says) => {
    expect(() => readEvent({ uri: "s3://landing/a" }, allowed as never)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }))
    expect(() => readEvent({ uri: "s3://landing/a" }, allowed as never)).toThrow(says as string)
  })
})

describe("SNS", () => {
  test("a function may get events of S3 and EventBridge through SNS", () => {
    const event = snsEvent(s3Notification(s3Record("a+b"), s3Record("c")), eventBridgeEvent("d+e"))
    expect(keysOf(readEvent(event, landing))).toEqual(["a b", "c", "d+e"])
  })

  test("an event of SNS within another one is refused", () => {
    expect(refusal(snsEvent(snsEvent(s3Notification(s3Record("a"))))).message).toBe(
      'Records[0].Sns.Message.Records[0] of the event comes from "aws:sns", which is not expected here.',
    )
    expect(refusal(snsEnvelope(snsEnvelope(s3TestEvent))).message).toMatch(/^Message of the event has the fields Type, MessageId/)
  })
})

describe("SQS", () => {
  test("each message may hold a different form", () => {
    const bodies = [
      s3Notification(s3Record("a+1"), s3Record("a+2")),
      snsEnvelope(s3Notification(s3Record("b+1"))),
      eventBridgeEvent("c+1"),
      snsEnvelope(eventBridgeEvent("d+1")),
      { bucket: "landing", key: "e+1" },
      { uri: "s3://landing/f+1" },
    ]
    const reading = readEvent(sqsEvent(bodies), landing)
    expect(keysOf(reading)).toEqual(["a 1", "a 2", "b 1", "c+1", "d+1", "e+1", "f+1"])
    expect(reading.batch?.fifo).toBe(false)
    expect(reading.batch?.messages.map(({ id, receives, objects }) => [id, receives, objects.map(({ key }) => key)])).toEqual([
      ["message-1", 1, ["a 1", "a 2"]],
      ["message-2", 2, ["b 1"]],
      ["message-3", 3, ["c+1"]],
      ["message-4", 4, ["d+1"]],
      ["message-5", 5, ["e+1"]],
      ["message-6", 6, ["f+1"]],
    ])
  })

  test("a queue whose name ends in .fifo is a FIFO queue", () => {
    expect(readEvent(sqsEvent([s3TestEvent], { queue: "landing.fifo" }), landing).batch?.fifo).toBe(true)
  })

  test("a message that cannot be read carries its error, and the others are read", () => {
    const bodies = ["{", "null", "", { bucket: "loot", key: "a" }, sqsEvent([s3TestEvent]), { bucket: "landing", key: "good" }]
    const reading = readEvent(sqsEvent(bodies), landing)
    expect(keysOf(reading)).toEqual(["good"])
    expect(reading.batch?.messages.map(({ error }) => error?.code)).toEqual([
      "EVENT_INVALID",
      "EVENT_INVALID",
      "EVENT_INVALID",
      "OBJECT_NOT_ALLOWED",
      "EVENT_INVALID",
      undefined,
    ])
    expect(reading.batch?.messages[0]?.error?.message).toBe('Records[0].body of the event is not JSON; it is "{".')
  })

  test("a message whose second object is refused names no object at all", () => {
    const [message] = readEvent(sqsEvent([s3Notification(s3Record("a"), s3Record("b", { bucket: "loot" }))]), landing).batch?.messages ?? []
    expect(message).toMatchObject({ objects: [], ignored: [], error: { code: "OBJECT_NOT_ALLOWED" } })
  })
})

describe("malformed events", () => {
  test.each<readonly [unknown, string]>([
    [null, "The event must be an object; it is null."],
    [undefined, "The event must be an object; it is undefined."],
    ["s3://landing/a", 'The event must be an object; it is "s3://landing/a".'],
    [42, "The event must be an object; it is 42."],
    [[s3TestEvent], "The event must be an object; it is a list."],
    [{}, "The event is an empty object."],
    [{ hello: 1 }, "The event has the fields hello, but names no object of S3."],
    [{ Records: [] }, "Records of the event is an empty list."],
    [{ Records: {} }, "Records of the event must be a list; it is an object."],
    [{ Records: [null] }, "Records[0] must be an object; it is null."],
    [{ Records: ["a"] }, 'Records[0] must be an object; it is "a".'],
    [{ Records: [{}] }, "Records[0].eventSource of the event is missing."],
    [{ Records: [{ eventSource: "aws:kinesis" }] }, 'Records[0] of the event comes from "aws:kinesis", which is not expected here.'],
    [{ Records: [s3Record("a"), { eventSource: "aws:sqs", messageId: "1", body: "{}" }] }, "Records[1] of the event comes from"],
    [
      { Records: [{ eventSource: "aws:sqs", messageId: "1", body: "{}" }, s3Record("a")] },
      "Records[1] of the event does not come from aws:sqs",
    ],
    [{ Records: [{ eventSource: "aws:sqs", body: "{}" }] }, "Records[0].messageId of the event is missing."],
    [{ Records: [{ eventSource: "aws:s3", eventName: "ObjectCreated:Put" }] }, "Records[0].s3 must be an object; it is undefined."],
    [{ Records: [{ eventSource: "aws:s3" }] }, "Records[0].eventName of the event is missing."],
    [
      s3Notification(s3Record("a", { object: { size: "5" } })),
      'Records[0].s3.object.size of the event must be a number of bytes; it is "5".',
    ],
    [s3Notification(s3Record("a", { object: { size: -1 } })), "must be a number of bytes; it is -1."],
    [s3Notification(s3Record("a", { object: { key: 5 } })), "Records[0].s3.object.key of the event must be a string; it is 5."],
    [s3Notification(s3Record("a", { object: { versionId: {} } })), "versionId of the event must be a string; it is an object."],
    [s3Notification(s3Record("a", { bucket: "a/b" })), 'The event names the bucket "a/b", which cannot be the name of a bucket.'],
    [{ source: "aws.s3", "detail-type": "Object Created" }, "detail must be an object; it is undefined."],
    [
      { source: "aws.events", "detail-type": "Scheduled Event", detail: {} },
      'The event comes from "aws.events" of EventBridge, not from aws.s3.',
    ],
    [{ uri: "https://landing/a" }, 'uri of the event must have the form s3://bucket/key; it is "https://landing/a".'],
    [{ uri: "s3://landing" }, "must have the form s3://bucket/key"],
    [{ uri: "s3:///a" }, 'The event names the bucket "", which cannot be the name of a bucket.'],
    [{ uri: "s3://landing/a", bucket: "landing", key: "b" }, "The uri of the event names another object than its bucket and key."],
    [{ key: "a" }, "bucket of the event is missing."],
    [{ bucket: "landing" }, "key of the event is missing."],
    [{ bucket: ["landing"], key: "a" }, "bucket of the event must be a string; it is a list."],
    [{ Type: "Notification", Message: "hello" }, 'Message of the event is not JSON; it is "hello".'],
  ])("%j is refused for good", (event, says) => {
    const error = refusal(event)
    expect(error).toMatchObject({ code: "EVENT_INVALID", retryable: false })
    expect(error.message).toContain(says)
  })

  test("fields of a prototype do not count", () => {
    expect(refusal(Object.create({ uri: "s3://landing/a" })).message).toBe("The event is an empty object.")
    expect(refusal(JSON.parse('{ "__proto__": { "bucket": "landing", "key": "a" } }')).code).toBe("EVENT_INVALID")
    expect(refusal(JSON.parse('{ "bucket": "landing", "key": "a", "constructor": {}, "uri": "s3://landing/b" }')).code).toBe(
      "EVENT_INVALID",
    )
    expect(keysOf(readEvent(Object.assign(Object.create(null), { uri: "s3://landing/a" }), landing))).toEqual(["a"])
  })

  test("messages stay short, however long the event is", () => {
    const long = "x".repeat(1_000_000)
    for (const event of [
      long,
      { [long]: 1 },
      { uri: long },
      { uri: `s3://${long}/a` },
      { bucket: "landing", key: long },
      { Type: "Notification", Message: long },
    ])
      expect(refusal(event).message.length).toBeLessThan(500)
    expect(refusal({ bucket: "loot", key: "k".repeat(1_024) }).message.length).toBeLessThan(1_400)
  })

  test("deep nesting and many records are read in a moment", () => {
    const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`
    expect(readEvent(sqsEvent([deep]), landing).batch?.messages[0]?.error?.code).toBe("EVENT_INVALID")
    expect(readEvent(s3Notification(...Array.from({ length: 20_000 }, (_, n) => s3Record(`in/${n}`))), landing).objects).toHaveLength(
      20_000,
    )
  })

  test("any value at all is understood or refused", () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), understoodOrRefused), { numRuns: 2_000 })
  })

  test("an event with any part replaced by any value is understood or refused", () => {
    const samples = [
      s3Notification(s3Record("a")),
      eventBridgeEvent("a"),
      snsEvent(s3Notification(s3Record("a"))),
      snsEnvelope(eventBridgeEvent("a")),
      sqsEvent([s3Notification(s3Record("a")), { uri: "s3://landing/b" }]),
      { bucket: "landing", key: "a", versionId: "v" },
    ]
    const mutated = fc
      .constantFrom(...samples)
      .chain((event) => fc.tuple(fc.constantFrom(...pathsOf(event)), fc.anything()).map(([path, value]) => replaced(event, path, value)))
    fc.assert(fc.property(mutated, understoodOrRefused), { numRuns: 3_000 })
  })
})

function understoodOrRefused(event: unknown): void {
  try {
    readEvent(event, landing)
  } catch (error) {
    expect(error).toBeInstanceOf(RowgateError)
    expect(error).toMatchObject({ retryable: false })
  }
}

type Path = readonly string[]

function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [[]]
  return [[], ...Object.entries(value).flatMap(([name, each]) => pathsOf(each).map((path) => [name, ...path]))]
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by
  const of = value as { readonly [name: string]: unknown }
  const changed = { ...of, [name]: replaced(of[name], rest, by) }
  return Array.isArray(value) ? Object.values(changed) : changed
}
