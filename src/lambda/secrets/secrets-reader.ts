import type { GetSecretValueCommandOutput } from "@aws-sdk/client-secrets-manager"
import { RowgateError } from "../../errors/rowgate-error.ts"

/** The part of the AWS SDK's `SecretsManagerClient` that rowgate uses. */
export interface SecretsClientLike {
  /** Sends one command of the SDK. */
  send(command: object): Promise<unknown>
}

/** Reads secrets through the AWS SDK, which is loaded for the first one. */
export class SecretsReader {
  readonly #given: SecretsClientLike | undefined
  readonly #clients = new Map<string, SecretsClientLike>()

  constructor(client: SecretsClientLike | undefined) {
    this.#given = client
  }

  /** The text of the current version of a secret. */
  async current(id: string): Promise<string> {
    const text = await this.#read(id, "AWSCURRENT").catch((error: unknown) => {
      throw secretError(error, id)
    })
    if (text !== undefined) return text
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `The secret ${id} is binary.`,
      remedy: "Store it as text.",
      origin: { uri: id },
    })
  }

  /** The text of the version that a rotation is about to make the current one. Undefined if there is none. */
  async pending(id: string): Promise<string | undefined> {
    return await this.#read(id, "AWSPENDING").catch((error: unknown) => {
      if (nameOf(error) === "ResourceNotFoundException") return undefined
      throw secretError(error, id)
    })
  }

  async #read(id: string, stage: "AWSCURRENT" | "AWSPENDING"): Promise<string | undefined> {
    const sdk = await loadSdk()
    const command = new sdk.GetSecretValueCommand({ SecretId: id, VersionStage: stage })
    const { SecretString: text } = (await this.#client(sdk, id).send(command)) as GetSecretValueCommandOutput
    return text
  }

  /** An ARN names its region, which may differ from the function's own. */
  #client(sdk: SecretsSdk, id: string): SecretsClientLike {
    if (this.#given !== undefined) return this.#given
    const region = id.startsWith("arn:") ? (id.split(":")[3] ?? "") : ""
    const known = this.#clients.get(region)
    if (known !== undefined) return known
    // By default the SDK waits for ever. In a private subnet without an endpoint, the function would time out and not say why.
    const requestHandler = { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true }
    const client = new sdk.SecretsManagerClient({ ...(region === "" ? {} : { region }), requestHandler })
    this.#clients.set(region, client)
    return client
  }
}

type SecretsSdk = typeof import("./secrets-sdk.ts")

async function loadSdk(): Promise<SecretsSdk> {
  return await import("./secrets-sdk.ts").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "DATABASE_SECRET_ARN needs the package @aws-sdk/client-secrets-manager, which is not installed.",
      remedy: "Run npm install @aws-sdk/client-secrets-manager.",
      cause,
    })
  })
}

const denied = new Set(["AccessDeniedException", "DecryptionFailure", "UnrecognizedClientException", "InvalidSignatureException"])

function secretError(error: unknown, id: string): RowgateError {
  if (error instanceof RowgateError) return error
  const name = nameOf(error)
  const isMissing = name === "ResourceNotFoundException"
  const status = statusOf(error)
  // Throttling is a 400.
  const retryable = status === undefined ? name !== "CredentialsProviderError" : status >= 500 || /Throttl|TooMany/.test(name)
  return new RowgateError({
    code: "SINK_UNREACHABLE",
    message: `The secret ${id} ${isMissing ? "does not exist in Secrets Manager" : `cannot be read: ${error instanceof Error ? error.message || name : String(error)}`}.`,
    remedy: isMissing
      ? "Correct DATABASE_SECRET_ARN."
      : denied.has(name)
        ? "Grant secretsmanager:GetSecretValue for this secret, and kms:Decrypt for its key."
        : retryable
          ? "Check that the function can reach Secrets Manager: in a private subnet it needs an interface endpoint for it."
          : "Check DATABASE_SECRET_ARN and the credentials.",
    origin: { uri: id },
    retryable,
    cause: error,
  })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ""
}

function statusOf(error: unknown): number | undefined {
  const metadata = typeof error === "object" && error !== null && "$metadata" in error ? error.$metadata : undefined
  const status = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : undefined
  return typeof status === "number" ? status : undefined
}
