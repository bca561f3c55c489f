import { RemovalPolicy } from "aws-cdk-lib"
import type { Key } from "aws-cdk-lib/aws-kms"
import { LogGroup } from "aws-cdk-lib/aws-logs"
import type { Construct } from "constructs"
import type { Options } from "./options.ts"
import { settings } from "./settings.ts"

/** Logs that are encrypted with the key and end after the days of settings.json. */
export function logGroup(scope: Construct, id: string, logGroupName: string, { deletionProtection }: Options, key: Key): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName,
    retention: settings.logRetentionDays,
    encryptionKey: key,
    removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  })
}
