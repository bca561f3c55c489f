import { randomBytes } from "node:crypto"
import { mkdtemp, readFile } from "node:fs/promises"
import { join } from "node:path"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { afterAll, expect, inject, test } from "vitest"
import type { JsonValue } from "../../src/model/json-value.ts"
import { buildFunction } from "../../tools/build-lambda.ts"
import { type FunctionName, lambdaFunctions } from "../../tools/lambda-functions.ts"
import { startSecretsServer } from "../lambda/secrets/secrets-server.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { bucket, startS3Server } from "../sources/s3/s3-server.ts"
import { coldCall } from "./loaded-files.ts"
import { asCsv, orderRows } from "./order-files.ts"

/** The most kilobytes of an archive; the function that does everything in one call has every parser and the database. */
const zipKilobytes = (role: FunctionName) => (role === "one-call" ? 550 : 515)
/** The most kilobytes, gzipped, that a call loads until its first rows are through. */
const loadedKilobytes: { readonly [name in FunctionName]: number } = {
  parser: 240,
  normalizer: 166,
  validator: 177,
  scorer: 160,
  loader: 258,
  sweeper: 230,
  migrate: 45,
  "one-call": 360,
}

const { pool, url } = await ledgerDatabase()
const user = `load_${randomBytes(6).toString("hex")}`
afterAll(() => pool.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`))

test("functions are small, and a call loads only what it needs", async () => {
  const out = await mkdtemp(join(inject("compiledFolder"), "bundles-"))
  await using server = await startS3Server()
  for (const name of ["processing", "archive"]) await server.client.send(new CreateBucketCommand({ Bucket: name }))
  await server.put("orders.csv", asCsv(orderRows(200, 1).rows))
  const variables = {
    LANDING_BUCKET: bucket,
    PROCESSING_BUCKET: "processing",
    ARCHIVE_BUCKET: "archive",
    DATABASE_URL: url,
    LOAD_USER: user,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_S3_FORCE_PATH_STYLE: "true",
  }
  const measured: { role: FunctionName; loaded: number; zip: number; files: number }[] = []
  async function call(role: FunctionName, event: JsonValue): Promise<JsonValue> {
    const { output, kilobytes, files, importMs } = await coldCall(join(out, role), event, variables)
    const zip = (await readFile(join(out, `${role}.zip`))).length / 1_000
    console.log(
      `${role}: ${zip.toFixed(0)} kB zip; loads ${kilobytes.toFixed(1)} kB in ${files.length} files; imported in ${importMs.toFixed(0)} ms`,
    )
    measured.push({ role, loaded: kilobytes, zip, files: files.length })
    return output
  }
  for (const role of Object.keys(lambdaFunctions) as FunctionName[]) await buildFunction(`examples/lambda/${role}.ts`, role, out)
  expect(await call("migrate", {})).toMatchObject({ user, created: true })
  const { manifest } = (await call("parser", { bucket, key: "orders.csv" })) as { readonly manifest: string }
  await call("normalizer", { manifest, part: 0 })
  await call("validator", { manifest, part: 0, round: 0 })
  await call("scorer", { manifest, part: 0, round: 0 })
  await call("scorer", { manifest, round: 0, merge: true })
  const load = { manifest, round: 0, step: "load", execution: "one" }
  expect(await call("loader", load)).toMatchObject({ status: "loaded" })
  await using store = await startSecretsServer()
  store.secrets.set("database AWSCURRENT", url)
  const { DATABASE_URL: _, ...others } = variables
  const withSecret = { ...others, DATABASE_SECRET_ARN: "database", AWS_ENDPOINT_URL_SECRETS_MANAGER: store.endpoint }
  const again = await coldCall(join(out, "loader"), load, withSecret)
  expect(again.output).toMatchObject({ status: "loaded" })
  expect(store.asked).toContain("database AWSCURRENT")
  await server.put("more.csv", asCsv(orderRows(200, 201).rows))
  expect(await call("one-call", { bucket, key: "more.csv" })).toMatchObject({ objects: [{ status: "loaded" }] })
  expect(await call("sweeper", {})).toMatchObject({ finished: true, followedUp: 1 })
  expect(new Set(measured.map(({ role }) => role))).toEqual(new Set(Object.keys(lambdaFunctions)))
  for (const { role, loaded, zip } of measured) {
    expect.soft(loaded, role).toBeLessThanOrEqual(loadedKilobytes[role])
    expect.soft(zip, role).toBeLessThanOrEqual(zipKilobytes(role))
  }
})

test("the same sources give the same archive", async () => {
  const [one, other] = await Promise.all(
    ["one", "other"].map(async (name) => {
      const out = await mkdtemp(join(inject("compiledFolder"), `${name}-`))
      await buildFunction("examples/lambda/scorer.ts", "scorer", out)
      return readFile(join(out, "scorer.zip"))
    }),
  )
  expect(one?.equals(other ?? Buffer.of())).toBe(true)
})
