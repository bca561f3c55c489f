import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib"
import { CfnTrail, ReadWriteType } from "aws-cdk-lib/aws-cloudtrail"
import { CfnDetector } from "aws-cdk-lib/aws-guardduty"
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { Key } from "aws-cdk-lib/aws-kms"
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3"
import { CfnHub } from "aws-cdk-lib/aws-securityhub"
import { Construct } from "constructs"
import type { Options } from "./options.ts"
import type { Storage } from "./storage.ts"

/** Who did what, in the account and with each object, and what looks like an attack. */
export class Audit extends Construct {
  constructor(scope: Construct, options: Options, storage: Storage, key: Key) {
    super(scope, "Audit")
    if (options.cloudtrail) this.#trail(options, storage, key)
    if (options.guardduty) {
      new CfnDetector(this, "GuardDuty", {
        enable: true,
        features: ["S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"].map((name) => ({ name, status: "ENABLED" })),
      })
    }
    if (options.securityHub) new CfnHub(this, "SecurityHub")
  }

  #trail({ name, deletionProtection }: Options, { landing, processing, archive }: Storage, key: Key): void {
    const { account, region, partition } = Stack.of(this)
    const bucket = new Bucket(this, "TrailBucket", {
      bucketName: `${name}-trail-${account}-${region}`,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }],
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    // The construct for a trail would let CloudTrail write here for every account.
    const trailArn = `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`
    const allow = (sid: string, action: string, resource: string, conditions: { [key: string]: string } = {}) =>
      bucket.addToResourcePolicy(
        new PolicyStatement({
          sid,
          principals: [new ServicePrincipal("cloudtrail.amazonaws.com")],
          actions: [action],
          resources: [resource],
          conditions: { StringEquals: { "aws:SourceArn": trailArn, ...conditions } },
        }),
      )
    allow("TrailReadsAcl", "s3:GetBucketAcl", bucket.bucketArn)
    allow("TrailWrites", "s3:PutObject", bucket.arnForObjects(`AWSLogs/${account}/*`), { "s3:x-amz-acl": "bucket-owner-full-control" })
    const trail = new CfnTrail(this, "Trail", {
      trailName: name,
      s3BucketName: bucket.bucketName,
      kmsKeyId: key.keyArn,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      eventSelectors: [
        {
          readWriteType: ReadWriteType.ALL,
          includeManagementEvents: true,
          dataResources: [{ type: "AWS::S3::Object", values: [landing, processing, archive].map((each) => each.arnForObjects("")) }],
        },
      ],
    })
    if (bucket.policy !== undefined) trail.node.addDependency(bucket.policy)
  }
}
