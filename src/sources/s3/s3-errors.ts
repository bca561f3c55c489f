import type { ErrorCode } from "../../errors/error-code.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

interface Meaning {
  readonly code: ErrorCode
  /** Completes the sentence that begins with the object's URI. */
  readonly says: string
  readonly remedy: string
  readonly retryable?: boolean
}

const denied: Meaning = {
  code: "SOURCE_UNREADABLE",
  says: "cannot be accessed with these credentials",
  remedy: "Grant s3:GetObject and s3:ListBucket (and s3:GetObjectVersion in a bucket with versions), or use other credentials.",
}
const missing: Meaning = { code: "SOURCE_NOT_FOUND", says: "does not exist", remedy: "Correct the bucket or the key." }
const changed: Meaning = {
  code: "SOURCE_CHANGED",
  says: "was replaced while it was being read",
  remedy: "Run again to load the new content.",
  retryable: true,
}

/** Our errors by the names of S3's errors. */
const meanings: { readonly [name: string]: Meaning } = {
  NoSuchKey: missing,
  NotFound: missing,
  NoSuchBucket: missing,
  NoSuchVersion: missing,
  MethodNotAllowed: { ...missing, says: "was deleted (its newest version is a delete marker)" },
  PreconditionFailed: changed,
  InvalidRange: changed,
  AccessDenied: denied,
  Forbidden: denied,
  InvalidAccessKeyId: denied,
  SignatureDoesNotMatch: denied,
  ExpiredToken: denied,
  CredentialsProviderError: { ...denied, says: "cannot be accessed, because no credentials were found" },
  InvalidObjectState: {
    code: "SOURCE_UNREADABLE",
    says: "is archived and cannot be read",
    remedy: "Restore it from its archive storage class, then run again.",
  },
  PermanentRedirect: {
    code: "SOURCE_UNREADABLE",
    says: "is in another region",
    remedy: "Set the option region to the bucket's region.",
  },
}

/** Whether the same request may succeed later: after a network error, throttling or an error of the server. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RowgateError) return error.retryable && error.code !== "SOURCE_CHANGED"
  const { status, name } = describe(error)
  if (status !== undefined) return status >= 500 || status === 429 || name === "RequestTimeout" || name === "SlowDown"
  return !(name in meanings) && name !== "AbortError" && !(error instanceof TypeError)
}

/** Converts an error of S3 or of the network to a `RowgateError`. */
export function s3Error(error: unknown, uri: string): unknown {
  if (error instanceof RowgateError) return error
  const { status, name } = describe(error)
  if (name === "AbortError") return error
  const meaning = meanings[name] ?? meanings[nameOfStatus(status)]
  const retryable = meaning?.retryable ?? isTransient(error)
  return new RowgateError({
    code: meaning?.code ?? "SOURCE_UNREADABLE",
    message: `${uri} ${meaning?.says ?? `cannot be read: ${error instanceof Error ? error.message || error.name : String(error)}`}.`,
    remedy:
      meaning?.remedy ??
      (retryable ? "Run again; if the error persists, check the network and the service." : "Check the options and the service."),
    origin: { uri },
    retryable,
    cause: error,
  })
}

/** A HEAD response has no body, so the SDK knows only its status. */
function nameOfStatus(status: number | undefined): string {
  const names: { readonly [status: number]: string } = {
    301: "PermanentRedirect",
    403: "AccessDenied",
    404: "NoSuchKey",
    405: "MethodNotAllowed",
    412: "PreconditionFailed",
    416: "InvalidRange",
  }
  return names[status ?? 0] ?? ""
}

function describe(error: unknown): { readonly status: number | undefined; readonly name: string } {
  if (typeof error !== "object" || error === null) return { status: undefined, name: "" }
  const metadata = "$metadata" in error ? error.$metadata : undefined
  const status = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : undefined
  return {
    status: typeof status === "number" ? status : undefined,
    name: "name" in error && typeof error.name === "string" ? error.name : "",
  }
}
