import { randomBytes } from "node:crypto"
import { basename, join } from "node:path"
import { CreateBucketCommand, GetObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn"
import type { SweepReport } from "../../src/lambda.ts"
import type { JsonValue } from "../../src/model/json-value.ts"
import { asCsv, type OrderRow, orderRows } from "../aws/order-files.ts"
import { type Functions, runShippedMachine } from "../aws/shipped-machine.ts"
import type { StandIn } from "../aws/stand-in.ts"
import type { Execution } from "../aws/state-machine.ts"
import { type RecordedRequest, startRecordingProxy } from "./recording-proxy.ts"
import { startFunction, type WarmFunction } from "./warm-function.ts"

export const recordedFunctions = ["parser", "normalizer", "validator", "scorer", "loader", "sweeper", "migrate"] as const
export type RecordedFunction = (typeof recordedFunctions)[number]

export interface RecordedDeliveries {
  readonly requests: readonly RecordedRequest[]
  readonly stateMachineArn: string
  readonly secretArn: string
  /** How each delivery ended. */
  readonly outcomes: { readonly [delivery: string]: string }
  /** What the functions logged at the level debug, with what Lambda logs of their errors. */
  readonly logs: string
  /** What each call of the sweeper did. */
  readonly sweeps: readonly SweepReport[]
}

export interface RecordingOptions {
  readonly standIn: StandIn
  /** Where the bundles are. */
  readonly bundles: string
  /** The URL of a database with an owner's user and password. */
  readonly database: string
  /** Called when the table exists. */
  prepare(): Promise<void>
}

/** Where the numbers of orders begin that the table refuses, and those that no transaction may contain. */
export const forbiddenRows = 600_000
export const forbiddenLoads = 700_000

const buckets = ["landing", "processing", "archive"] as const
/** The sweeper cleans up after a day. After 30 hours it forgets tries. */
const laterMs = 26 * 3_600_000

/** Delivers files of all kinds with the bundled functions, and notes what each function asks AWS for. */
export async function recordDeliveries({ standIn: { client }, bundles, database, prepare }: RecordingOptions): Promise<RecordedDeliveries> {
  const s3 = new S3Client({ ...client, forcePathStyle: true })
  for (const bucket of buckets) {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }))
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }))
  }
  const stateMachineArn = await createMachine(new SFNClient(client))
  const { secretArn, address } = await createSecret(new SecretsManagerClient(client), database)
  // The first part that a function uploads is refused, so each function also gives up an upload once.
  const refused = new Set<string>()
  await using proxy = await startRecordingProxy({
    endpoint: client.endpoint,
    refuses({ caller, method, url }) {
      const upload = `${caller} ${url.pathname.split("/")[1]}`
      if (method !== "PUT" || !url.searchParams.has("partNumber") || refused.has(upload)) return false
      refused.add(upload)
      return true
    },
  })
  await using functions = await startFunctions(bundles, (name) => ({
    ...{ LANDING_BUCKET: "landing", PROCESSING_BUCKET: "processing", ARCHIVE_BUCKET: "archive" },
    // A part above 8 MiB takes several requests to write.
    ...{ PART_BYTES: "8500000", DIRECT_PARTS: "1", LOG_LEVEL: "debug" },
    ...{ AWS_REGION: client.region, AWS_ENDPOINT_URL: proxy.endpoint, AWS_S3_FORCE_PATH_STYLE: "true" },
    ...{ AWS_ACCESS_KEY_ID: name, AWS_SECRET_ACCESS_KEY: "test" },
    ...(name === "migrate" ? { DATABASE_SECRET_ARN: secretArn, DATABASE_URL: address } : { DATABASE_URL: database }),
    ...(name === "sweeper" ? { STATE_MACHINE_ARN: stateMachineArn } : {}),
  }))

  const outcomes: { [delivery: string]: string } = {}
  async function put(key: string, body: string | Uint8Array): Promise<string> {
    const { VersionId: version = "" } = await s3.send(
      new PutObjectCommand({ Bucket: "landing", Key: key, Body: body, Tagging: "sender=shop" }),
    )
    return version
  }
  async function call(name: RecordedFunction, event: JsonValue): Promise<JsonValue> {
    const before = refused.size
    return functions
      .of(name)
      .call(event)
      .catch((error) => {
        if (refused.size === before) throw error
        return functions.of(name).call(event)
      })
  }
  async function deliver(key: string, input: JsonValue = { bucket: "landing", key }, changed: Partial<Functions> = {}): Promise<Execution> {
    const { parser, normalizer, validator, scorer, loader } = Object.fromEntries(
      recordedFunctions.map((name) => [name, (payload: JsonValue) => call(name, payload)]),
    ) as { readonly [name in RecordedFunction]: Functions["parser"] }
    const ended = await runShippedMachine(input, {
      functions: { parser, normalizer, validator, scorer, loader, ...changed },
      async getObject(bucket, name) {
        const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }))
        return (await body?.transformToString()) ?? ""
      },
      // The functions answer one call after the other.
      concurrency: 1,
    })
    outcomes[basename(key, ".csv")] = ended.states.at(-1) ?? ""
    return ended
  }

  await call("migrate", {})
  await prepare()

  const direct = asCsv(orderRows(200, 1).rows)
  const version = await put("in/direct.csv", direct)
  const { output } = await deliver("in/direct.csv", {
    source: "aws.s3",
    "detail-type": "Object Created",
    detail: { bucket: { name: "landing" }, object: { key: "in/direct.csv", "version-id": version } },
  })
  await put("in/duplicate.csv", direct)
  await deliver("in/duplicate.csv")
  // The character comes after the first part, which the parser then removes, because it reads the file again in another encoding.
  await put("in/staged.csv", Buffer.from(asCsv([...orderRows(4_400, 10_000).rows.map(longRow), cafe]), "latin1"))
  await deliver("in/staged.csv")
  const bad = (row: OrderRow) => ({ ...row, customer: "", email: "nobody", unitPrice: "?", total: "", orderedOn: "" })
  await put("in/refused.csv", asCsv(orderRows(3_000, 100_000).rows.map((row) => longRow(bad(row)))))
  await deliver("in/refused.csv")
  const corrections = `corrections/${(output as { readonly deliveryId: string }).deliveryId}/corrected.csv`
  await put(corrections, `_reject,${asCsv([orderRows(1, 900).rows[0] as OrderRow]).replace("\n", "\n1,")}`)
  await deliver(corrections)
  await put("in/rows-forbidden.csv", asCsv(orderRows(50, forbiddenRows).rows))
  await deliver("in/rows-forbidden.csv")
  await put("in/load-forbidden.csv", asCsv(orderRows(50, forbiddenLoads).rows))
  await deliver("in/load-forbidden.csv")
  await put("in/empty.csv", "")
  await deliver("in/empty.csv")

  const left = {
    "loaded-left": asCsv(orderRows(50, 200_000).rows),
    "duplicate-left": direct,
    "refused-left": asCsv(orderRows(50, 250_000).rows.map(bad)),
  }
  for (const [name, body] of Object.entries(left)) {
    await put(`in/${name}.csv`, body)
    await deliver(`in/${name}.csv`, undefined, {
      loader: (payload) =>
        (payload as { readonly step?: string }).step === "archive"
          ? Promise.reject(Object.assign(new Error("killed"), { name: "Runtime.ExitError" }))
          : call("loader", payload),
    })
  }
  await put("in/parsed.csv", asCsv(orderRows(50, 300_000).rows))
  await call("parser", { bucket: "landing", key: "in/parsed.csv" })
  await put("in/waiting.csv", asCsv(orderRows(50, 400_000).rows))
  const sweeps: SweepReport[] = []
  // Three tries for each file that stays, and the sweep that sets it aside.
  for (let sweep = 0; sweep < 4; sweep++) sweeps.push((await functions.of("sweeper").call({}, laterMs)) as unknown as SweepReport)
  const logs = (await Promise.all(recordedFunctions.map((name) => functions.of(name).output()))).join("\n")
  return { requests: proxy.requests, stateMachineArn, secretArn, outcomes, logs, sweeps }
}

const cafe: OrderRow = { ...(orderRows(2, 90_000).rows[0] as OrderRow), customer: "Customer 0 of the Caf\u00e9" }

/** A row with so much text that some thousand of them take more than one request to write. */
function longRow(row: OrderRow): OrderRow {
  return { ...row, customer: longText() }
}

function longText(): string {
  return `Customer 0 ${randomBytes(2_400).toString("base64")}`
}

async function createMachine(states: SFNClient): Promise<string> {
  const definition = JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } })
  const roleArn = "arn:aws:iam::123456789012:role/deliveries"
  const { stateMachineArn = "" } = await states.send(new CreateStateMachineCommand({ name: "rowgate-deliveries", definition, roleArn }))
  return stateMachineArn
}

/** As RDS manages it: the secret has the user and the password, and nothing else. */
async function createSecret(
  secrets: SecretsManagerClient,
  database: string,
): Promise<{ readonly secretArn: string; readonly address: string }> {
  const url = new URL(database)
  const [username, password] = [url.username, url.password].map(decodeURIComponent)
  const { ARN: secretArn = "" } = await secrets.send(
    new CreateSecretCommand({ Name: "master", SecretString: JSON.stringify({ username, password }) }),
  )
  url.username = ""
  url.password = ""
  return { secretArn, address: url.href }
}

interface RunningFunctions extends AsyncDisposable {
  of(name: RecordedFunction): WarmFunction
}

async function startFunctions(
  bundles: string,
  variablesOf: (name: RecordedFunction) => { readonly [name: string]: string },
): Promise<RunningFunctions> {
  const started = new Map<RecordedFunction, WarmFunction>()
  for (const name of recordedFunctions) started.set(name, await startFunction(join(bundles, name), variablesOf(name)))
  return {
    of: (name) => started.get(name) as WarmFunction,
    async [Symbol.asyncDispose]() {
      for (const each of started.values()) await each[Symbol.asyncDispose]()
    },
  }
}
