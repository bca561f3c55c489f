import { rm } from "node:fs/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { answerLost, cutOff, killedBefore, manyAtOnce } from "./faults.ts"
import { faultHome } from "./loader-process.ts"
import { makeOracle } from "./oracle.ts"
import { prepareDatabase } from "./target.ts"
import { type TrialGround, trial } from "./trial.ts"

let database: PostgresDatabase
let ground: TrialGround

beforeAll(async () => {
  database = await postgresDatabase()
  await prepareDatabase(database.url)
  ground = { url: database.url, home: await faultHome(), oracle: makeOracle(5000, 7) }
})

afterAll(async () => {
  await database.drop()
  await rm(ground.home, { recursive: true, force: true })
})

test("a loader that nothing happens to keeps every law, and a second one loads nothing", async () => {
  const broken = await trial(ground, async (_target, start) => {
    expect(await (await start()).ended).toMatchObject({ outcome: "loaded", loaded: ground.oracle.loaded })
  })
  expect(broken).toEqual([])
})

test.each(["BEGIN", "CopyDone", "COMMIT"])(
  "a loader killed before its %s leaves nothing that the next one cannot finish",
  async (point) => {
    expect(
      await trial(
        ground,
        killedBefore(({ label }) => label === point),
      ),
    ).toEqual([])
  },
)

test("a loader cut off amid its COPY leaves nothing that the next one cannot finish", async () => {
  expect(
    await trial(
      ground,
      cutOff(({ copied }) => copied > 60_000),
    ),
  ).toEqual([])
})

test("a loader whose COMMIT was carried out and whose answer was lost says what happened", async () => {
  expect(
    await trial(
      ground,
      answerLost(({ label }) => label === "COMMIT"),
    ),
  ).toEqual([])
})

test("four loaders of the same bytes at once load them once", async () => {
  expect(await trial(ground, manyAtOnce(4))).toEqual([])
})
