/** The part of the AWS SDK's `S3Client` that is used. */
export interface S3ClientLike {
  /** Sends one command of the SDK. */
  send(command: object, options?: { abortSignal?: AbortSignal }): Promise<unknown>
}

/** How a bucket is reached. */
export interface S3ConnectionOptions {
  /** A client of `@aws-sdk/client-s3`. Default: one is made, which takes region and credentials where the SDK finds them. */
  readonly client?: S3ClientLike | undefined
  /** Region of the client that is made. */
  readonly region?: string | undefined
  /** Another service that speaks S3, for the client that is made: `http://127.0.0.1:9000`. */
  readonly endpoint?: string | undefined
  /** Whether the bucket stands in the path and not in the host name, as most other services need it. Default: where `endpoint` is given. */
  readonly forcePathStyle?: boolean | undefined
  /** How long a connection may bring nothing before it is given up and the read goes on with another one. Default 30,000. */
  readonly idleTimeoutMs?: number | undefined
  /**
   * How slowly a connection may bring bytes, measured over `idleTimeoutMs` of waiting for them, before it is given up in the same way. 0: as slowly
   * as it likes. Default 1,024 bytes a second.
   */
  readonly minBytesPerSecond?: number | undefined
  /** How often reading fails in a row, without a good stretch in between, before it fails for good. Default 5. */
  readonly attempts?: number | undefined
}
