import type * as Sdk from "@aws-sdk/client-s3"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { S3ClientLike, S3ConnectionOptions } from "./s3-options.ts"

/** The SDK and a client of it, with what reads are patient about. */
export interface S3Connection {
  readonly sdk: typeof Sdk
  readonly client: S3ClientLike
  readonly idleTimeoutMs: number
  readonly minBytesPerSecond: number
  readonly attempts: number
}

/** Connects when it is first asked to, and once. Nothing is loaded before. */
export function s3Connection(options: S3ConnectionOptions): () => Promise<S3Connection> {
  let connection: Promise<S3Connection> | undefined
  return () => {
    connection ??= connect(options)
    return connection
  }
}

async function connect(options: S3ConnectionOptions): Promise<S3Connection> {
  const sdk = await loadSdk()
  const { idleTimeoutMs = 30_000, minBytesPerSecond = 1_024, attempts = 5 } = options
  return { sdk, client: options.client ?? makeClient(sdk, options), idleTimeoutMs, minBytesPerSecond, attempts }
}

async function loadSdk(): Promise<typeof Sdk> {
  try {
    return await import("@aws-sdk/client-s3")
  } catch (cause) {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "Reading from S3 needs the package @aws-sdk/client-s3.",
      remedy: "Install it: npm install @aws-sdk/client-s3",
      cause,
    })
  }
}

function makeClient(sdk: typeof Sdk, { region, endpoint, forcePathStyle = endpoint !== undefined }: S3ConnectionOptions): S3ClientLike {
  return new sdk.S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(forcePathStyle ? { forcePathStyle } : {}),
    // The SDK's checksum stream throws on a broken connection where nobody can catch it; TLS and the hash of the delivery guard the bytes.
    responseChecksumValidation: "WHEN_REQUIRED",
    requestChecksumCalculation: "WHEN_REQUIRED",
  })
}
