import { type CrashFault, crashTrials, postgresFaults, processFaults } from "rowgate/testing"
import { expect, test } from "vitest"
import { ledgerDatabase } from "../ledger-database.ts"
import { loaderProgram } from "./loader-program.ts"
import type { LoaderSettings, Way } from "./loader-settings.ts"
import { postgresTarget } from "./postgres-target.ts"

/** Faults that wait for a load to be given up take seconds, so they are in the long suite. */
const waiting = /SIGSTOP|deaf/
const { url, pool } = await ledgerDatabase()
const all: readonly CrashFault<LoaderSettings>[] = [...processFaults<LoaderSettings>(), ...postgresFaults<LoaderSettings>()]

test("loaders are killed, disconnected, aborted or run at once, and the file is loaded once", async () => {
  const results = await crashTrials<LoaderSettings>({
    program: await loaderProgram(),
    target: (file) => postgresTarget(file, { pool, url }),
    faults: all.filter(({ name }) => !waiting.test(name)),
    scale: 0.01,
    rows: 3000,
    batchRows: 500,
    seed: 7,
  })
  expect(results.flatMap(({ fault, findings }) => findings.map((finding) => ({ fault, ...finding })))).toEqual([])
  expect(results.length).toBeGreaterThan(10)
}, 60_000)

test.each<Way>(["scd2", "replay", "reload"])(
  "a loader of the kind %s is killed during its load, and the table is the result of a single load",
  async (way) => {
    const results = await crashTrials<LoaderSettings>({
      program: await loaderProgram(),
      target: (file) => postgresTarget(file, { pool, url, way }),
      faults: all.filter(({ name }) => name === "SIGKILL at random times"),
      scale: 0.005,
      rows: 2000,
      lanes: 1,
      rejectEvery: way === "replay" ? 2 : 100,
      batchRows: 500,
      seed: 8,
    })
    expect(results).toMatchObject([{ trials: 1, findings: [] }])
  },
  60_000,
)
