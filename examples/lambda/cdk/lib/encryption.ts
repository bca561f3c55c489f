import { RemovalPolicy, Stack } from "aws-cdk-lib"
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { Key } from "aws-cdk-lib/aws-kms"
import type { Construct } from "constructs"
import type { Options } from "./options.ts"

/** One key for buckets, database, logs, queue and topic, and the AWS services that may use it for this account. */
export function createKey(scope: Construct, { name, cloudtrail, deletionProtection }: Options): Key {
  const key = new Key(scope, "Key", {
    alias: name,
    description: `Files, rows, logs and messages of ${name}`,
    enableKeyRotation: true,
    removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  })
  const { account, region, partition } = Stack.of(scope)
  const logs = `arn:${partition}:logs:${region}:${account}:*`
  const trail = `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`
  const encrypt = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
  const send = ["kms:Decrypt", "kms:GenerateDataKey"]
  const queue = `arn:${partition}:sqs:${region}:${account}:${name}-dead-letters`
  const topic = `arn:${partition}:sns:${region}:${account}:${name}-alarms`
  allow("Logs", `logs.${region}.amazonaws.com`, encrypt, { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logs } })
  allow("LogDelivery", "delivery.logs.amazonaws.com", ["kms:Decrypt"], { ArnLike: { "kms:EncryptionContext:SourceArn": logs } })
  // EventBridge does not tell KMS for which account it asks, but SQS and SNS tell it for which queue and which topic.
  const toTopic = { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topic } }
  allow("DeadLetters", "events.amazonaws.com", send, { StringEquals: { "kms:EncryptionContext:aws:sqs:arn": queue } })
  allow("FailedExecutions", "events.amazonaws.com", send, toTopic)
  allow("Alarms", "cloudwatch.amazonaws.com", send, toTopic)
  if (cloudtrail) {
    allow("Trail", "cloudtrail.amazonaws.com", ["kms:GenerateDataKey*", "kms:DescribeKey"], { StringEquals: { "aws:SourceArn": trail } })
  }
  return key

  function allow(sid: string, service: string, actions: string[], conditions: { [operator: string]: { [key: string]: string } }) {
    key.addToResourcePolicy(
      new PolicyStatement({ sid, principals: [new ServicePrincipal(service)], actions, resources: ["*"], conditions }),
    )
  }
}
