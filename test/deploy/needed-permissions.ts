import type { RecordedRequest } from "./recording-proxy.ts"

/** An action of IAM on a resource. */
export interface Permission {
  readonly action: string
  readonly resource: string
  /** The service that asks on behalf of the caller, if the caller does not ask itself. */
  readonly via?: string
}

/** An object of S3, as a request names it. */
interface Target {
  readonly bucket: string
  readonly key: string
  readonly versionId: string | undefined
}

/**
 * The permissions that a request to a bucket or another resource needs, by AWS's service authorization reference and the pages of the API. Buckets are
 * encrypted with `key`, so S3 also uses the key on behalf of the caller. Throws if the table does not know the request.
 */
export function neededPermissions(request: RecordedRequest, key: string): readonly Permission[] {
  const target = request.headers["x-amz-target"]
  if (typeof target === "string") return ofService(target, request, key)
  const { bucket, key: name, versionId } = targetOf(decodeURIComponent(request.url.pathname.slice(1)), request.url.searchParams)
  if (name === "") return ofBucket(request, bucket)
  return ofObject(request, { bucket, key: name, versionId }, key)
}

function ofService(target: string, { body }: RecordedRequest, key: string): readonly Permission[] {
  const input = JSON.parse(body)
  switch (target) {
    case "secretsmanager.GetSecretValue":
      return [permission("secretsmanager:GetSecretValue", input.SecretId), { ...permission("kms:Decrypt", key), via: "secretsmanager" }]
    case "AWSStepFunctions.StartExecution":
      return [permission("states:StartExecution", input.stateMachineArn)]
  }
  throw new Error(`The table of permissions does not know the call ${target}.`)
}

function ofBucket({ method, url }: RecordedRequest, bucket: string): readonly Permission[] {
  const asked = `${method}${url.searchParams.get("list-type") === "2" ? " list" : ""}`
  if (asked === "GET list" || asked === "HEAD") return [permission("s3:ListBucket", arnOf(bucket))]
  throw new Error(`The table of permissions does not know ${method} ${url.pathname}${url.search}.`)
}

function ofObject(request: RecordedRequest, target: Target, key: string): readonly Permission[] {
  const { method, url, headers, status } = request
  const has = (parameter: string) => url.searchParams.has(parameter)
  const object = arnOf(target.bucket, target.key)
  const on = (action: string) => permission(action, object)
  const decrypt = { ...permission("kms:Decrypt", key), via: "s3" }
  const encrypt = { ...permission("kms:GenerateDataKey", key), via: "s3" }
  const tags = headers["x-amz-tagging"] === undefined ? [] : [on("s3:PutObjectTagging")]
  const source = headers["x-amz-copy-source"]
  // Without the permission to list, S3 answers 403 for an object that does not exist.
  const absent = status === 404 ? [permission("s3:ListBucket", arnOf(target.bucket))] : []
  const known: { readonly [asked: string]: () => readonly Permission[] } = {
    GET: () => [read(target), decrypt, ...absent],
    "GET tagging": () => [permission(versioned("s3:GetObject", "Tagging", target), object), ...absent],
    HEAD: () => [read(target), ...(headers["x-amz-checksum-mode"] === undefined ? [] : [decrypt]), ...absent],
    PUT: () => [on("s3:PutObject"), encrypt, ...tags],
    "PUT copy": () => {
      const from = sourceOf(String(source))
      const replaced = headers["x-amz-tagging-directive"] === "REPLACE"
      const copied = replaced
        ? tags
        : [permission(versioned("s3:GetObject", "Tagging", from), arnOf(from.bucket, from.key)), on("s3:PutObjectTagging")]
      return [read(from), on("s3:PutObject"), ...copied, decrypt, encrypt]
    },
    "PUT uploadId": () => [on("s3:PutObject"), decrypt, encrypt],
    "PUT uploadId copy": () => [read(sourceOf(String(source))), on("s3:PutObject"), decrypt, encrypt],
    "POST uploads": () => [on("s3:PutObject"), encrypt, ...tags],
    "POST uploadId": () => [on("s3:PutObject"), decrypt, encrypt],
    // S3 compares the etag of a condition only for those who may read the object.
    DELETE: () => [
      permission(versioned("s3:DeleteObject", "", target), object),
      ...(headers["if-match"] === undefined ? [] : [read(target)]),
    ],
    "DELETE uploadId": () => [on("s3:AbortMultipartUpload")],
  }
  const asked = [
    method,
    ...["tagging", "uploads", "uploadId", "acl", "attributes", "retention"].filter(has),
    ...(source === undefined ? [] : ["copy"]),
  ].join(" ")
  const needs = known[asked]
  if (needs === undefined) throw new Error(`The table of permissions does not know ${asked} for ${url.pathname}${url.search}.`)
  return needs()
}

function read(target: Target): Permission {
  return permission(versioned("s3:GetObject", "", target), arnOf(target.bucket, target.key))
}

/** Actions on a version that the request names are actions of their own. */
function versioned(action: string, ending: string, { versionId }: Target): string {
  return `${action}${versionId === undefined ? "" : "Version"}${ending}`
}

function sourceOf(header: string): Target {
  const { pathname, searchParams } = new URL(header, "s3://x/")
  return targetOf(decodeURIComponent(pathname.slice(1)), searchParams)
}

function targetOf(path: string, parameters: URLSearchParams): Target {
  const slash = path.indexOf("/")
  const versionId = parameters.get("versionId") ?? undefined
  return slash < 0 ? { bucket: path, key: "", versionId } : { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId }
}

function arnOf(bucket: string, key?: string): string {
  return `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`
}

function permission(action: string, resource: string): Permission {
  return { action, resource }
}
