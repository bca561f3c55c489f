/** A record of a notification, as S3 sends it. `key` is encoded, as in a form. */
export function s3Record(key: string, { eventName = "ObjectCreated:Put", bucket = "landing", object = {} } = {}): object {
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "eu-central-1",
    eventTime: "2026-11-30T03:04:05.678Z",
    eventName,
    userIdentity: { principalId: "AWS:AIDAEXAMPLE" },
    requestParameters: { sourceIPAddress: "192.0.2.1" },
    responseElements: {
      "x-amz-request-id": "C3D13FE58DE4C810",
      "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD",
    },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "landing",
      bucket: { name: bucket, ownerIdentity: { principalId: "A3NL1KOZZKExample" }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key,
        size: 1024,
        eTag: "d41d8cd98f00b204e9800998ecf8427e",
        versionId: "096fKKXTRTtl3on89fVO.nfljtsv6qko",
        sequencer: "0055AED6DCD90281E5",
        ...object,
      },
    },
  }
}

export function s3Notification(...records: readonly object[]): object {
  return { Records: records }
}

/** What S3 sends when you set up notifications. */
export const s3TestEvent = {
  Service: "Amazon S3",
  Event: "s3:TestEvent",
  Time: "2026-11-30T03:04:05.678Z",
  Bucket: "landing",
  RequestId: "5582815E1AEA5ADF",
  HostId: "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
}

/** An event of EventBridge. `key` is not encoded. */
export function eventBridgeEvent(key: string, { type = "Object Created", bucket = "landing", object = {} } = {}): object {
  return {
    version: "0",
    id: "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": type,
    source: "aws.s3",
    account: "111122223333",
    time: "2026-11-30T03:04:05Z",
    region: "eu-central-1",
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: {
        key,
        size: 5,
        etag: "b1946ac92492d2347c6235b4d2611184",
        "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        sequencer: "00617F08299329D189",
        ...object,
      },
      "request-id": "N4N7GDK58NMKJ12R",
      requester: "111122223333",
      "source-ip-address": "192.0.2.1",
      reason: "PutObject",
    },
  }
}

/** What SNS sends to a queue if raw message delivery is off. */
export function snsEnvelope(message: object): object {
  return {
    Type: "Notification",
    MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    TopicArn: "arn:aws:sns:eu-central-1:111122223333:landing",
    Subject: "Amazon S3 Notification",
    Message: JSON.stringify(message),
    Timestamp: "2026-11-30T03:04:05.678Z",
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: "https://sns.eu-central-1.amazonaws.com/example.pem",
    UnsubscribeURL: "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe",
  }
}

/** What SNS sends to a function. */
export function snsEvent(...messages: readonly object[]): object {
  return {
    Records: messages.map((message) => ({
      EventVersion: "1.0",
      EventSubscriptionArn: "arn:aws:sns:eu-central-1:111122223333:landing:21be56ed-a058-49f5-8c98-aedd2564c486",
      EventSource: "aws:sns",
      Sns: snsEnvelope(message),
    })),
  }
}

/** What SQS sends to a function. Bodies that are strings are sent as they are. */
export function sqsEvent(bodies: readonly (object | string)[], { queue = "landing" } = {}): object {
  return {
    Records: bodies.map((body, at) => ({
      messageId: `message-${at + 1}`,
      receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
      body: typeof body === "string" ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: String(at + 1),
        SentTimestamp: "1545082649183",
        SenderId: "AIDAIENQZJOLO23YVJ4VO",
        ApproximateFirstReceiveTimestamp: "1545082649185",
      },
      messageAttributes: {},
      md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:eu-central-1:111122223333:${queue}`,
      awsRegion: "eu-central-1",
    })),
  }
}
