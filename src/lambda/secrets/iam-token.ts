import { RowgateError } from "../../errors/rowgate-error.ts"

/** A token of IAM, which is the password of a new connection for 15 minutes. It is computed here; nothing is sent. */
export async function iamToken(url: URL): Promise<string> {
  const { Signer } = await import("@aws-sdk/rds-signer").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "DATABASE_AUTH=iam needs the package @aws-sdk/rds-signer, which is not installed.",
      remedy: "Run npm install @aws-sdk/rds-signer.",
      cause,
    })
  })
  const username = decodeURIComponent(url.username)
  const signer = new Signer({ hostname: url.hostname, port: Number(url.port || "5432"), username })
  return await signer.getAuthToken().catch((cause: unknown) => {
    throw new RowgateError({
      code: "SINK_UNREACHABLE",
      message: `No IAM token for the user ${username} could be made: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: "Check the region and the credentials.",
      origin: { uri: `postgres://${url.host}` },
      cause,
    })
  })
}
