import { startFauxqs } from "fauxqs"
import { expect, test } from "vitest"
import { readEvent } from "../../../src/lambda/events/read-event.ts"
import { eventBridgeEvent, s3Notification, s3Record, sqsEvent } from "./sample-events.ts"

test("events that a service of SNS puts into queues are read, with and without raw message delivery", async () => {
  const server = await startFauxqs({ port: 0, logger: false })
  try {
    const { topicArn } = server.createTopic("landing")
    for (const [queue, raw] of [
      ["wrapped", "false"],
      ["raw", "true"],
    ] as const) {
      server.createQueue(queue)
      server.subscribe({ topic: "landing", queue, attributes: { RawMessageDelivery: raw } })
    }
    const published = [s3Notification(s3Record("a+1")), eventBridgeEvent("b+2"), { uri: "s3://landing/c+3" }]
    for (const message of published) {
      const body = new URLSearchParams({ Action: "Publish", Version: "2010-03-31", TopicArn: topicArn, Message: JSON.stringify(message) })
      const authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request"
      expect((await fetch(server.address, { method: "POST", body, headers: { authorization } })).status).toBe(200)
    }
    for (const queue of ["wrapped", "raw"]) {
      const bodies = server.inspectQueue(queue)?.messages.ready.map(({ body }) => body) ?? []
      expect(bodies.map((body) => body.includes("TopicArn"))).toEqual(published.map(() => queue === "wrapped"))
      expect(readEvent(sqsEvent(bodies), [{ bucket: "landing" }]).objects.map(({ key }) => key)).toEqual(["a 1", "b+2", "c+3"])
    }
  } finally {
    await server.stop()
  }
})
