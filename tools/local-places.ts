import { randomBytes } from "node:crypto"
import { env } from "node:process"
import { parseEnv } from "node:util"
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3"
import pg from "pg"
import { databaseFromEnvironment } from "rowgate/lambda"
import { postgresServer } from "../test/postgres-server.ts"
import { startS3Server } from "../test/sources/s3/s3-server.ts"
import { readGivenFile } from "./read-given-file.ts"

/** Where a local run of the functions finds its database and its buckets. */
export interface LocalPlaces extends AsyncDisposable {
  /** What these places are, for a person. */
  readonly title: string
  /** Connection string of the owner of the database. */
  readonly database: string
  readonly s3: S3Client
  readonly buckets: { readonly landing: string; readonly processing: string; readonly archive: string }
  /** The variables with which the functions find these places. The environment of this process has them. */
  readonly variables: { readonly [name: string]: string }
  /** Lets the functions log in as a user, which exists, from now on. */
  login(user: string): Promise<void>
}

const buckets = { landing: "landing", processing: "processing", archive: "archive" }

/** A PostgreSQL server and an S3 server of their own, which end with this process. */
export async function ownPlaces(): Promise<LocalPlaces> {
  const [server, store] = await Promise.all([postgresServer({ flags: ["-c", "fsync=off"] }), startS3Server()])
  for (const name of [buckets.processing, buckets.archive]) await store.client.send(new CreateBucketCommand({ Bucket: name }))
  const variables = {
    DATABASE_URL: server.url,
    LANDING_BUCKET: buckets.landing,
    PROCESSING_BUCKET: buckets.processing,
    ARCHIVE_BUCKET: buckets.archive,
    AWS_ENDPOINT_URL: store.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  }
  Object.assign(env, variables)
  return {
    title: "PostgreSQL and an S3 server on this machine",
    database: server.url,
    s3: store.client,
    buckets,
    variables,
    async login(user) {
      const password = randomBytes(12).toString("hex")
      const client = new pg.Client({ connectionString: server.url })
      await client.connect()
      await client.query(`ALTER ROLE ${pg.escapeIdentifier(user)} PASSWORD '${password}'`)
      await client.end()
      env["DATABASE_URL"] = Object.assign(new URL(server.url), { username: encodeURIComponent(user), password }).href
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await server.stop()
    },
  }
}

/** The database and the buckets that a file of variables names, such as those of compose.yaml. The functions log in as the owner of the database. */
export async function placesOf(path: string): Promise<LocalPlaces> {
  const variables = Object.fromEntries(
    Object.entries(parseEnv((await readGivenFile("--env", path)).toString())).filter(([, value]) => value),
  )
  const needed = (name: string) => {
    const value = variables[name]
    if (value === undefined) throw new Error(`${path} does not set ${name}. Copy the line from examples/lambda/.env.example.`)
    return value
  }
  const s3 = new S3Client({
    endpoint: needed("AWS_ENDPOINT_URL"),
    region: needed("AWS_REGION"),
    credentials: { accessKeyId: needed("AWS_ACCESS_KEY_ID"), secretAccessKey: needed("AWS_SECRET_ACCESS_KEY") },
    forcePathStyle: true,
  })
  Object.assign(env, variables)
  return {
    title: `the database and the buckets of ${path}`,
    database: await databaseFromEnvironment().url(),
    s3,
    buckets: { landing: needed("LANDING_BUCKET"), processing: needed("PROCESSING_BUCKET"), archive: needed("ARCHIVE_BUCKET") },
    variables: variables as { readonly [name: string]: string },
    async login() {},
    async [Symbol.asyncDispose]() {
      s3.destroy()
    },
  }
}
