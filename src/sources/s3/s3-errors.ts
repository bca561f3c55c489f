import type { ErrorCode } from "../../errors/error-code.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

interface Meaning {
  readonly code: ErrorCode
  readonly says: string
  readonly remedy: string
  readonly retryable?: boolean
}

const denied: Meaning = {
  code: "SOURCE_UNREADABLE",
  says: "may not be accessed with these credentials",
  remedy: "Grant s3:GetObject and s3:ListBucket (with versions: s3:GetObjectVersion), or give other credentials.",
}
const missing: Meaning = { code: "SOURCE_NOT_FOUND", says: "does not exist", remedy: "Correct the bucket or the key." }
const changed: Meaning = {
  code: "SOURCE_CHANGED",
  says: "was replaced while it was being read",
  remedy: "Run again: the new content is another delivery.",
  retryable: true,
}

/** What the names of S3's errors mean here. */
const meanings: { readonly [name: string]: Meaning } = {
  NoSuchKey: missing,
  NotFound: missing,
  NoSuchBucket: missing,
  NoSuchVersion: missing,
  MethodNotAllowed: { ...missing, says: "was deleted: its newest version is a delete marker" },
  PreconditionFailed: changed,
  InvalidRange: changed,
  AccessDenied: denied,
  Forbidden: denied,
  InvalidAccessKeyId: denied,
  SignatureDoesNotMatch: denied,
  ExpiredToken: denied,
  CredentialsProviderError: { ...denied, says: "cannot be reached: no credentials were found" },
  InvalidObjectState: {
    code: "SOURCE_UNREADABLE",
    says: "is archived and cannot be read",
    remedy: "Restore it from its storage class, then run again.",
  },
  PermanentRedirect: {
    code: "SOURCE_UNREADABLE",
    says: "is in another region",
    remedy: "Give the bucket's region.",
  },
}

/** Whether the same request may well succeed if it is made again: the network, throttling, a server in trouble. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RowgateError) return error.retryable && error.code !== "SOURCE_CHANGED"
  const { status, name } = describe(error)
  if (status !== undefined) return status >= 500 || status === 429 || name === "RequestTimeout" || name === "SlowDown"
  return !(name in meanings) && name !== "AbortError" && !(error instanceof TypeError)
}

/** The error of the library that an error of S3 or of the network stands for. */
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
      meaning?.remedy ?? (retryable ? "Run again; if it stays, check the network and the service." : "Check the request and the service."),
    origin: { uri },
    retryable,
    cause: error,
  })
}

/** HEAD answers have no body, so the SDK knows their status alone. */
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
