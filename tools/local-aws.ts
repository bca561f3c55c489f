/**
 * `npm run local:aws`: delivers a file as on AWS, but on this machine: an S3 server, PostgreSQL, the functions of examples/lambda and the state machine that
 * calls them. `npm run local:aws -- --help` lists the options.
 */
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { mkdir } from "node:fs/promises"
import { basename, relative, resolve } from "node:path"
import { cwd, env, stderr, stdout } from "node:process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { createHandlers, emfMetrics, type Handler, jsonLogger } from "rowgate/lambda"
import { handler as migrate } from "../examples/lambda/migrate.ts"
import { orders } from "../examples/lambda/pipeline.ts"
import { target } from "../examples/lambda/target.ts"
import type { JsonValue } from "../src/model/json-value.ts"
import { type Functions, functionRoles, runShippedMachine } from "../test/aws/shipped-machine.ts"
import type { Execution } from "../test/aws/state-machine.ts"
import { KeptVariables } from "./kept-variables.ts"
import { type LocalPlaces, ownPlaces, placesOf } from "./local-places.ts"
import { localResults } from "./local-results.ts"
import { readGivenFile } from "./read-given-file.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const logFile = resolve(root, ".rowgate/local-aws.log")
const variablesFile = resolve(root, ".rowgate/local-aws.env")

const help = `Usage: npm run local:aws -- [--file PATH] [--env FILE] [--keep]

Delivers a file as on AWS, but on this machine.

  --file PATH  the file (default: examples/data/sample.xlsx)
  --env FILE   use the database and the buckets of these variables, such as those of examples/lambda/.env.example,
               instead of servers that are started for this run
  --keep       let the servers run until you press Ctrl-C, and print their addresses
`

const nextSteps = `  npm run local:aws -- --file examples/data/sample.csv   a file with German numbers, which is refused; write locale: "de" beside
                                                         both scales in examples/lambda/pipeline.ts, and it is loaded
  npm run local:aws -- --keep                            look around in the database and the buckets, and deliver more files`

// A program behind a pipe, such as head, may end first. This one goes on, because it has servers to stop.
for (const stream of [stdout, stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
  })
}

// The AWS SDK warns of old versions of Node, which does not matter here.
env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true"
try {
  const { values: given } = parseArgs({
    options: {
      file: { type: "string", default: resolve(root, "examples/data/sample.xlsx") },
      env: { type: "string" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (given.help) say(help.trimEnd())
  else await run(given)
} catch (error) {
  process.exitCode = 1
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
}

interface Given {
  readonly file: string
  readonly env?: string | undefined
  readonly keep: boolean
}

async function run(given: Given): Promise<void> {
  if (given.keep && given.env !== undefined) throw new Error("With --env, there are no servers to keep. Leave out --keep.")
  const body = await readGivenFile("--file", given.file)
  await mkdir(resolve(root, ".rowgate"), { recursive: true })
  const kept = given.keep ? await KeptVariables.take(variablesFile) : undefined
  try {
    await deliver(given.file, body, given.env === undefined ? await ownPlaces() : await placesOf(given.env), kept)
  } finally {
    await kept?.release()
  }
}

async function deliver(file: string, body: Buffer, places: LocalPlaces, kept: KeptVariables | undefined): Promise<void> {
  try {
    say(`Start    ${places.title}`)
    await prepare(places)
    const key = basename(file)
    await places.s3.send(new PutObjectCommand({ Bucket: places.buckets.landing, Key: key, Body: body }))
    say(`Upload   ${shown(file)} to s3://${places.buckets.landing}/${key}`)
    const begun = performance.now()
    const execution = await execute(places, key)
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
    say(`Execute  ${execution.states.join(" > ")} (${seconds} s)\n`)
    for (const line of await localResults(execution, places, target.table)) say(line)
    say(`\nThe functions added their logs and metrics to ${shown(logFile)}.`)
    if (execution.status === "FAILED") process.exitCode = 1
    if (kept !== undefined) await keep(places, kept)
    else say(`\nTry next\n${nextSteps}`)
  } finally {
    await places[Symbol.asyncDispose]()
  }
}

/** Creates the ledger, the table and the user, as the function `migrate` does it, and logs in as that user from then on. */
async function prepare(places: LocalPlaces): Promise<void> {
  const { migrations, user } = await migrate()
  await places.login(user)
  say(`Migrate  ${migrations.length} migrations of the ledger, the table ${target.table}, the user ${user}`)
}

async function execute({ s3, buckets }: LocalPlaces, key: string): Promise<Execution> {
  // Other runs may write it too.
  const log = createWriteStream(logFile, { flags: "a" })
  const write = (line: string) => void log.write(`${line}\n`)
  const handlers = createHandlers(orders, { ...buckets, s3: { client: s3 }, logger: jsonLogger({ write }), metrics: emfMetrics({ write }) })
  const called = (role: string, handler: Handler) => (payload: JsonValue) => {
    const context = { getRemainingTimeInMillis: () => 900_000, awsRequestId: randomUUID(), functionName: `rowgate-${role}` }
    return handler(payload, context) as Promise<JsonValue>
  }
  const functions = Object.fromEntries(functionRoles.map((role) => [role, called(role, handlers[role])])) as unknown as Functions
  const getObject = async (bucket: string, name: string) => {
    const { Body: content } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }))
    return (await content?.transformToString()) ?? ""
  }
  try {
    return await runShippedMachine({ bucket: buckets.landing, key }, { functions, getObject, timeScale: 1 })
  } finally {
    log.end()
    await once(log, "close")
  }
}

async function keep({ variables }: LocalPlaces, kept: KeptVariables): Promise<void> {
  await kept.write(variables)
  const file = shown(variablesFile)
  say(`
The servers run until you press Ctrl-C. Their addresses are in ${file}:

  deliver another file   npm run local:aws -- --env ${file} --file FILE
  query the database     psql "${variables["DATABASE_URL"]}"
  list the archive       set -a; . ${file}; set +a; aws s3 ls --recursive s3://${variables["ARCHIVE_BUCKET"]}`)
  const timer = setInterval(() => {}, 1 << 30)
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")])
  clearInterval(timer)
}

function shown(path: string): string {
  return relative(cwd(), resolve(path))
}

function say(line: string): void {
  stdout.write(`${line}\n`)
}
