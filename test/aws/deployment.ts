import { readFile } from "node:fs/promises"
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda"
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn"
import type { JsonValue } from "../../src/model/json-value.ts"
import { type EndedExecution, executeMachine } from "./execute-machine.ts"
import { type FunctionRole, functionRoles, placeholder, shippedFile } from "./shipped-machine.ts"
import type { StandIn } from "./stand-in.ts"

export interface DeploymentOptions {
  /** The archive of each function. */
  readonly zips: { readonly [role in FunctionRole]: Uint8Array }
  readonly environment: { readonly [variable: string]: string }
  readonly memoryMegabytes?: number
}

/** The pipeline of examples/lambda, deployed to the stand-in: three buckets, five functions and the state machine as it is shipped. */
export class Deployment {
  readonly s3: S3Client
  readonly #states: SFNClient
  readonly #machine: string

  private constructor(s3: S3Client, states: SFNClient, machine: string) {
    this.s3 = s3
    this.#states = states
    this.#machine = machine
  }

  static async create({ client }: StandIn, { zips, environment, memoryMegabytes = 1_769 }: DeploymentOptions): Promise<Deployment> {
    const s3 = new S3Client({ ...client, forcePathStyle: true })
    const lambda = new LambdaClient(client)
    const states = new SFNClient(client)
    for (const bucket of ["landing", "processing", "archive"]) await s3.send(new CreateBucketCommand({ Bucket: bucket }))
    const role = await createRole(client.endpoint)
    let definition = await readFile(shippedFile, "utf8")
    for (const name of functionRoles) {
      const { FunctionArn: arn = "" } = await lambda.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: "nodejs22.x",
          Architectures: ["arm64"],
          Handler: "index.handler",
          Role: role,
          Code: { ZipFile: zips[name] },
          Timeout: 120,
          MemorySize: memoryMegabytes,
          Environment: { Variables: { ...environment, FUNCTION: name } },
        }),
      )
      definition = definition.replaceAll(placeholder(name), arn)
    }
    const { stateMachineArn: machine = "" } = await states.send(
      new CreateStateMachineCommand({ name: "orders", definition, roleArn: role }),
    )
    return new Deployment(s3, states, machine)
  }

  /** Puts an object into the landing bucket and executes the state machine for it. */
  async deliver(key: string, body: Uint8Array | string): Promise<EndedExecution> {
    await this.s3.send(new PutObjectCommand({ Bucket: "landing", Key: key, Body: body }))
    return this.execute({ bucket: "landing", key })
  }

  execute(input: JsonValue): Promise<EndedExecution> {
    return executeMachine(this.#states, this.#machine, input)
  }

  async keys(bucket: string): Promise<string[]> {
    const { Contents: objects = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: bucket }))
    return objects.map(({ Key: key = "" }) => key)
  }
}

/** The stand-in checks that the role of a function exists. */
export async function createRole(endpoint: string): Promise<string> {
  const services = ["lambda.amazonaws.com", "states.amazonaws.com"]
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: services }, Action: "sts:AssumeRole" }] }
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0" },
    body: new URLSearchParams({
      Action: "CreateRole",
      Version: "2010-05-08",
      RoleName: "functions",
      AssumeRolePolicyDocument: JSON.stringify(policy),
    }),
  })
  const arn = /<Arn>(.*?)<\/Arn>/.exec(await answer.text())?.[1]
  if (arn === undefined) throw new Error("The stand-in for AWS made no role.")
  return arn
}
