import { readdirSync, readFileSync } from "node:fs"
import { parseEnv } from "node:util"
import { expect, test } from "vitest"
import { environmentVariables, readEnvironment } from "../../src/cli/environment.ts"
import { databaseSettings } from "../../src/lambda/secrets/database-settings.ts"
import { weightsOfVariables, weightVariables } from "../../src/score/weight-variables.ts"

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
const variables = parseEnv(read("examples/lambda/.env.example"))
const page = read("docs/configuration.md")

/** Of the AWS SDK: where a local server is, and how to sign for it. */
const ofSdk = ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]

test("examples/lambda/.env.example has every variable of docs/configuration.md, those of the example, and no others", () => {
  const documented = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = ""]) => name)
  expect(documented).toEqual(expect.arrayContaining([...environmentVariables]))
  const sources = readdirSync(new URL("../../examples/lambda", import.meta.url)).filter((name) => name.endsWith(".ts"))
  const ofExample = sources.flatMap((name) =>
    [...read(`examples/lambda/${name}`).matchAll(/"([A-Z]+_[A-Z_]+)"/g)].map(([, found = ""]) => found),
  )
  expect(ofExample).toEqual(expect.arrayContaining(["LOAD_USER", "PART_BYTES"]))
  expect(Object.keys(variables).sort()).toEqual([...new Set([...documented, ...ofExample, ...ofSdk])].sort())
})

test("its values are accepted, and those of weights are the defaults", () => {
  expect(readEnvironment(variables)).toMatchObject({ databaseUrl: variables["DATABASE_URL"], logLevel: "info" })
  expect(databaseSettings(variables).url?.href).toBe(variables["DATABASE_URL"])
  expect(weightVariables).toHaveLength(6)
  for (const name of weightVariables) expect(page).toContain(`| a number, zero or more | ${variables[name]} |`)
  expect(Object.values(weightsOfVariables(variables).weights).reduce((sum, weight) => sum + weight, 0)).toBe(100)
})

test("it names what compose.yaml and its script create", () => {
  const compose = read("examples/lambda/compose.yaml")
  const script = read("examples/lambda/scripts/local-buckets.sh")
  const { username, password, pathname, port } = new URL(variables["DATABASE_URL"] ?? "")
  for (const line of [
    `POSTGRES_USER: ${username}`,
    `POSTGRES_PASSWORD: ${password}`,
    `POSTGRES_DB: ${pathname.slice(1)}`,
    `:${port}:${port}"`,
  ])
    expect(compose).toContain(line)
  const endpoint = new URL(variables["AWS_ENDPOINT_URL"] ?? "")
  expect(compose).toContain(`:${endpoint.port}:${endpoint.port}"`)
  const buckets = [variables["LANDING_BUCKET"], variables["PROCESSING_BUCKET"], variables["ARCHIVE_BUCKET"]]
  expect(script).toContain(`for bucket in ${buckets.join(" ")}; do`)
})
