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

/** Errors of a request that met another one for the same object. S3 says to send it again. */
const conflicts = new Set(["ConditionalRequestConflict", "OperationAborted"])

/** Whether the same request may succeed later: after a network error, throttling, a conflict or an error of the server. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RowgateError) return error.retryable && error.code !== "SOURCE_CHANGED"
  const { status, name } = describe(error)
  if (isNotImplemented(error)) return false
  if (status !== undefined)
    return status >= 500 || status === 429 || name === "RequestTimeout" || name === "SlowDown" || conflicts.has(name)
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

/** What a request would have done to an object, with the permissions that it needs. */
const changes = {
  write: { verb: "written", grant: "s3:PutObject and s3:AbortMultipartUpload" },
  remove: { verb: "removed", grant: "s3:DeleteObject and s3:GetObject (and s3:DeleteObjectVersion in a bucket with versions)" },
}

/** Converts an error of a request that writes or removes an object to a `RowgateError`. `grant` names the permissions if they are others. */
export function changeError(error: unknown, uri: string, change: keyof typeof changes, grant = changes[change].grant): unknown {
  // The service was silent; see `withIdleTimeout`.
  const isSilence = error instanceof RowgateError && error.code === "SOURCE_UNREADABLE"
  if (error instanceof RowgateError && !isSilence) return error
  const { status, name } = describe(error)
  if (name === "AbortError") return error
  const isDenied = [meanings[name], meanings[nameOfStatus(status)]].includes(denied)
  const retryable = isTransient(error)
  const why = isDenied ? "these credentials do not allow it" : error instanceof Error ? error.message || error.name : String(error)
  return new RowgateError({
    code: "STORAGE_UNWRITABLE",
    message: `${uri} cannot be ${changes[change].verb}: ${why.replace(/\.$/, "")}.`,
    remedy: isDenied
      ? `Grant ${grant}, or use other credentials.`
      : retryable
        ? "Run again; if the error persists, check the network and the service."
        : "Check the options and the service.",
    origin: { uri },
    retryable,
    cause: error,
  })
}

/** Whether S3 refused a request because its condition does not hold: the object exists already, or has another etag. */
export function isConditionFailed(error: unknown): boolean {
  const { status, name } = describe(error)
  return status === 412 || name === "PreconditionFailed"
}

/** Whether S3 says that an object, a version or an upload does not exist. A bucket that does not exist is something else. */
export function isMissing(error: unknown): boolean {
  const { status, name } = describe(error)
  return name !== "NoSuchBucket" && (status === 404 || ["NoSuchKey", "NotFound", "NoSuchVersion", "NoSuchUpload"].includes(name))
}

/** Whether the service does not know a condition or another part of a request. */
export function isNotImplemented(error: unknown): boolean {
  const { status, name } = describe(error)
  return status === 501 || name === "NotImplemented"
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
