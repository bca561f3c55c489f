import { type CrashFault, crashTrials, postgresFaults, processFaults } from "rowgate/testing"
import { expect, test } from "vitest"
import { ledgerDatabase } from "../ledger-database.ts"
import { loaderProgram } from "./loader-program.ts"
import type { LoaderSettings } from "./loader-settings.ts"
import { postgresTarget } from "./postgres-target.ts"

/** Those that wait for a load to be given up take seconds, and are in the long suite. */
const waiting = /SIGSTOP|deaf/
const { url, pool } = await ledgerDatabase()

test("one loader after another is killed, cut off, aborted or one of many, and the file is loaded once", async () => {
  const all: readonly CrashFault<LoaderSettings>[] = [...processFaults<LoaderSettings>(), ...postgresFaults<LoaderSettings>()]
  const results = await crashTrials<LoaderSettings>({
    program: await loaderProgram(),
    target: (file) => postgresTarget(file, { pool, url: url }),
    faults: all.filter(({ name }) => !waiting.test(name)),
    scale: 0.01,
    rows: 3000,
    batchRows: 500,
    seed: 7,
  })
  expect(results.flatMap(({ fault, findings }) => findings.map((finding) => ({ fault, ...finding })))).toEqual([])
  expect(results.length).toBeGreaterThan(10)
}, 60_000)
