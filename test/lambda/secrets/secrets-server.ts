import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { json } from "node:stream/consumers"
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager"

/** A local Secrets Manager that speaks the AWS JSON 1.1 protocol. */
export interface SecretsServer extends AsyncDisposable {
  readonly endpoint: string
  readonly client: SecretsManagerClient
  /** Texts of secrets by id and stage, such as `db AWSCURRENT`. An `Error` is answered with its name, and `undefined` never. */
  readonly secrets: Map<string, string | Error | undefined>
  /** What was asked for, in order, such as `db AWSCURRENT`. */
  readonly asked: string[]
}

export async function startSecretsServer(): Promise<SecretsServer> {
  const secrets = new Map<string, string | Error | undefined>()
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body))
    const { SecretId: id, VersionStage: stage } = (await json(request)) as { SecretId: string; VersionStage: string }
    if (request.headers["x-amz-target"] !== "secretsmanager.GetSecretValue")
      return void answer(400, { __type: "UnknownOperationException" })
    const name = `${id} ${stage}`
    asked.push(name)
    const secret = secrets.get(name)
    if (secret === undefined && secrets.has(name)) return
    if (secret === undefined)
      return void answer(400, {
        __type: "ResourceNotFoundException",
        Message: `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
      })
    if (secret instanceof Error) return void answer(400, { __type: secret.name, message: secret.message })
    answer(200, { ARN: id, Name: id, VersionId: "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1", SecretString: secret, VersionStages: [stage] })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = { accessKeyId: "test", secretAccessKey: "test" }
  const client = new SecretsManagerClient({ endpoint, region: "eu-central-1", credentials, maxAttempts: 1 })
  return {
    endpoint,
    client,
    secrets,
    asked,
    async [Symbol.asyncDispose]() {
      client.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
