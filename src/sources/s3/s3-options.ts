import type { OptionSpec } from "../../options/option-kind.ts"
import { flag, having, milliseconds, number, text, whole } from "../../options/option-kinds.ts"

/** The part of the AWS SDK's `S3Client` that rowgate uses. */
export interface S3ClientLike {
  /** Sends one command of the SDK. */
  send(command: object, options?: { abortSignal?: AbortSignal }): Promise<unknown>
}

/** What the options of `S3ConnectionOptions` take. */
export const s3ConnectionSpec: OptionSpec<S3ConnectionOptions> = {
  client: having<S3ClientLike>("a client of @aws-sdk/client-s3", "send"),
  region: text(),
  endpoint: text(),
  forcePathStyle: flag(),
  idleTimeoutMs: milliseconds(1),
  minBytesPerSecond: number(0),
  attempts: whole(1),
}

/** Options for connecting to a bucket. */
export interface S3ConnectionOptions {
  /** A client of `@aws-sdk/client-s3`. By default rowgate makes one, and the SDK finds the region and the credentials in its usual places. */
  readonly client?: S3ClientLike | undefined
  /** Region, if you pass no `client`: `"eu-central-1"`. By default the SDK finds it. */
  readonly region?: string | undefined
  /** URL of another service that speaks S3, if you pass no `client`: `http://127.0.0.1:9000`. Default: AWS. */
  readonly endpoint?: string | undefined
  /** Puts the bucket in the path instead of the host name. Most services other than AWS need this. Default: true if you set `endpoint`. */
  readonly forcePathStyle?: boolean | undefined
  /** Milliseconds without data after which a connection is dropped and the read resumes on a new one. Default: 30,000. */
  readonly idleTimeoutMs?: number | undefined
  /**
   * Least bytes per second, measured over each `idleTimeoutMs` of waiting for data. A slower connection is dropped and the read resumes on a new
   * one. 0 allows any speed. Default: 1,024.
   */
  readonly minBytesPerSecond?: number | undefined
  /** Failures in a row after which a read throws its error. A stretch at `minBytesPerSecond` or faster resets the count. Default: 5. */
  readonly attempts?: number | undefined
}
