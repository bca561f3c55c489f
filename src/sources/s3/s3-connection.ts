import { RowgateError } from "../../errors/rowgate-error.ts"
import type { S3ClientLike, S3ConnectionOptions } from "./s3-options.ts"
import type * as Sdk from "./sdk.ts"

/** The SDK, a client, and the limits after which a read gives up. */
export interface S3Connection {
  readonly sdk: typeof Sdk
  readonly client: S3ClientLike
  readonly idleTimeoutMs: number
  readonly minBytesPerSecond: number
  readonly attempts: number
}

/** Returns a function that loads the SDK and makes the client on its first call. Later calls return the same connection. */
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
  return { sdk, client: options.client ?? sharedClient(sdk, options), idleTimeoutMs, minBytesPerSecond, attempts }
}

async function loadSdk(): Promise<typeof Sdk> {
  try {
    return await import("./sdk.ts")
  } catch (cause) {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "Reading from S3 needs the package @aws-sdk/client-s3, which is not installed.",
      remedy: "Run npm install @aws-sdk/client-s3.",
      cause,
    })
  }
}

const clients = new Map<string, S3ClientLike>()

/** A client keeps connections and credentials, so a function that is called again and again should not make a new one each time. */
function sharedClient(sdk: typeof Sdk, options: S3ConnectionOptions): S3ClientLike {
  const { region, endpoint, forcePathStyle } = options
  const key = JSON.stringify([region, endpoint, forcePathStyle])
  const client = clients.get(key) ?? makeClient(sdk, options)
  clients.set(key, client)
  return client
}

function makeClient(sdk: typeof Sdk, { region, endpoint, forcePathStyle = endpoint !== undefined }: S3ConnectionOptions): S3ClientLike {
  return new sdk.S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(forcePathStyle ? { forcePathStyle } : {}),
    // When a connection breaks, the SDK's checksum stream throws where nobody can catch it. TLS and the hash of the delivery protect the bytes.
    responseChecksumValidation: "WHEN_REQUIRED",
    requestChecksumCalculation: "WHEN_REQUIRED",
  })
}
