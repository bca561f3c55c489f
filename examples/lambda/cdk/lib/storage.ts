import { RemovalPolicy, Stack } from "aws-cdk-lib"
import type { Key } from "aws-cdk-lib/aws-kms"
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3"
import { Construct } from "constructs"
import type { Options } from "./options.ts"
import { sharedJson } from "./shared-files.ts"

/** A rule as the API of S3 takes it. */
interface LifecycleRule {
  readonly ID: string
  readonly Status: string
  readonly Filter: { readonly Prefix: string }
  readonly Expiration?: { readonly Days?: number; readonly ExpiredObjectDeleteMarker?: boolean }
  readonly Transitions?: readonly { readonly Days: number; readonly StorageClass: string }[]
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number }
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number }
}

const lifecycle = sharedJson<{ readonly [bucket: string]: readonly LifecycleRule[] }>("s3-lifecycle.json")

/** Where files arrive, where their parts are kept, and where they go. */
export class Storage extends Construct {
  readonly landing: Bucket
  readonly processing: Bucket
  readonly archive: Bucket

  constructor(scope: Construct, options: Options, key: Key) {
    super(scope, "Storage")
    this.landing = this.#bucket("landing", options, key)
    this.processing = this.#bucket("processing", options, key)
    this.archive = this.#bucket("archive", options, key)
    // The construct's own switch for EventBridge adds a function with rights on all buckets.
    configured(this.landing).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } }
  }

  #bucket(purpose: string, { name, deletionProtection }: Options, key: Key): Bucket {
    const { account, region } = Stack.of(this)
    const bucket = new Bucket(this, purpose, {
      bucketName: `${name}-${purpose}-${account}-${region}`,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    configured(bucket).lifecycleConfiguration = { rules: (lifecycle[purpose] ?? []).map(ruleOf) }
    return bucket
  }
}

function configured(bucket: Bucket): CfnBucket {
  if (!(bucket.node.defaultChild instanceof CfnBucket)) throw new Error(`${bucket.node.path} is not a bucket.`)
  return bucket.node.defaultChild
}

/** CloudFormation has other names for the same rule. */
function ruleOf({
  ID,
  Status,
  Filter,
  Expiration,
  Transitions,
  NoncurrentVersionExpiration,
  AbortIncompleteMultipartUpload,
}: LifecycleRule) {
  return {
    id: ID,
    status: Status,
    ...(Filter.Prefix !== "" && { prefix: Filter.Prefix }),
    ...(Expiration?.Days !== undefined && { expirationInDays: Expiration.Days }),
    ...(Expiration?.ExpiredObjectDeleteMarker && { expiredObjectDeleteMarker: true }),
    ...(Transitions && {
      transitions: Transitions.map(({ Days, StorageClass }) => ({ transitionInDays: Days, storageClass: StorageClass })),
    }),
    ...(NoncurrentVersionExpiration && { noncurrentVersionExpiration: { noncurrentDays: NoncurrentVersionExpiration.NoncurrentDays } }),
    ...(AbortIncompleteMultipartUpload && {
      abortIncompleteMultipartUpload: { daysAfterInitiation: AbortIncompleteMultipartUpload.DaysAfterInitiation },
    }),
  }
}
