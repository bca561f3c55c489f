import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { environmentVariables, readEnvironment } from "../../src/cli/environment.ts"
import { dimensions } from "../../src/model/dimension.ts"
import { failureOf } from "./failure-of.ts"

test("an empty environment leaves everything to code and defaults", () => {
  expect(readEnvironment({})).toEqual({
    databaseUrl: undefined,
    logLevel: "error",
    weights: {},
  })
})

test("a variable that is empty or blank counts as not set", () => {
  expect(readEnvironment({ DATABASE_URL: "", LOG_LEVEL: " ", QUALITY_WEIGHT_ACCURACY: "" })).toEqual(readEnvironment({}))
})

test("a variable that the command does not use may say anything", () => {
  const others = { S3_LANDING_BUCKET: "No Bucket", AWS_REGION: "eu central", AWS_ENDPOINT_URL: "ftp://localhost" }
  expect(readEnvironment(others)).toEqual(readEnvironment({}))
})

test("everything that is documented is read", () => {
  const environment = readEnvironment({
    DATABASE_URL: "postgresql://me:secret@db.example.com:5433/shop?sslmode=require",
    LOG_LEVEL: "debug",
    QUALITY_WEIGHT_COMPLETENESS: "1",
    QUALITY_WEIGHT_ACCURACY: "0.5",
    QUALITY_WEIGHT_CONSISTENCY: "2e1",
    QUALITY_WEIGHT_TIMELINESS: "0",
    QUALITY_WEIGHT_UNIQUENESS: ".25",
    QUALITY_WEIGHT_VALIDITY: " 10 ",
  })
  expect(environment).toEqual({
    databaseUrl: "postgresql://me:secret@db.example.com:5433/shop?sslmode=require",
    logLevel: "debug",
    weights: { completeness: 1, accuracy: 0.5, consistency: 20, timeliness: 0, uniqueness: 0.25, validity: 10 },
  })
})

test.each([
  ["DATABASE_URL", "mysql://localhost/x", "connection string"],
  ["DATABASE_URL", "localhost:5432", "connection string"],
  ["LOG_LEVEL", "loud", "debug, info, warn, error, silent"],
  ["QUALITY_WEIGHT_ACCURACY", "-1", "negative"],
  ["QUALITY_WEIGHT_VALIDITY", "ten", "number"],
  ["QUALITY_WEIGHT_VALIDITY", "Infinity", "number"],
  ["QUALITY_WEIGHT_VALIDITY", "0x10", "number"],
  ["QUALITY_WEIGHT_ACURACY", "20", "completeness, accuracy, consistency, timeliness, uniqueness, validity"],
])("%s=%s is refused by name, with what it must be", (name, value, expected) => {
  const failure = failureOf(() => readEnvironment({ [name]: value }))
  expect(failure.code).toBe("CONFIG_INVALID")
  expect(failure.message).toContain(name)
  expect(failure.message).toContain(expected)
  expect(failure.origin?.uri).toContain(name)
  expect(failure.remedy).toContain(".env.local")
})

test("all wrong variables are named at once", () => {
  const { message } = failureOf(() => readEnvironment({ LOG_LEVEL: "loud", QUALITY_WEIGHT_TIMELINESS: "-3" }))
  expect(message).toMatch(/LOG_LEVEL.*QUALITY_WEIGHT_TIMELINESS/)
})

test("a connection string that is refused is not repeated, since it may hold a password", () => {
  expect(failureOf(() => readEnvironment({ DATABASE_URL: "mysql://me:s3cret@host/db" })).message).not.toContain("s3cret")
})

test("weights that are all zero are refused by name; one above zero is enough", () => {
  const zero = Object.fromEntries(dimensions.map((name) => [`QUALITY_WEIGHT_${name.toUpperCase()}`, "0"]))
  const { code, message } = failureOf(() => readEnvironment(zero))
  expect(code).toBe("CONFIG_INVALID")
  for (const name of Object.keys(zero)) expect(message).toContain(name)
  expect(readEnvironment({ ...zero, QUALITY_WEIGHT_VALIDITY: "0.1" }).weights.validity).toBe(0.1)
})

test("docs/configuration.md has one row for every variable, and for no other", () => {
  const [page = ""] = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8").split("\n## ")
  const documented = [...page.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name)
  expect(documented).toEqual(environmentVariables)
})
