import { execFile } from "node:child_process"
import { promisify } from "node:util"
import pg from "pg"
import { migrate } from "rowgate/postgres"
import type { CrashFault } from "rowgate/testing"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type PostgresServer, postgresServer } from "../postgres-server.ts"
import { faultRun, note, summary } from "./fault-run.ts"
import { fullDisk } from "./full-disk.ts"
import { loaderProgram } from "./loader-program.ts"
import type { LoaderSettings } from "./loader-settings.ts"
import { postgresTarget } from "./postgres-target.ts"
import { backendFaults, type HarmedServer, serverFaults } from "./server-faults.ts"

// These tests have their own file, because they mostly wait for a server and other trials can run meanwhile.
const hour = 3_600_000
let program: string
let server: PostgresServer
let harmed: HarmedServer

beforeAll(async () => {
  program = await loaderProgram()
  server = await postgresServer({ restarts: true, flags: ["-c", "max_connections=40"] })
  harmed = { url: server.url, dataDirectory: server.dataDirectory, pool: new pg.Pool({ connectionString: server.url }) }
  // The server is killed while connections are in use.
  harmed.pool.on("error", () => undefined)
  await migrate(harmed.pool)
})

afterAll(async () => {
  await harmed.pool.end()
  await server.stop()
  process.stdout.write(summary())
})

test(
  "whatever happens to the server, the file is loaded once",
  async () => {
    const target = (file: File) => postgresTarget(file, harmed)
    expect(await faultRun({ title: "server", program, target, faults: [...backendFaults(harmed), ...serverFaults(harmed)] })).toEqual([])
  },
  hour,
)

test(
  "a full disk of the server ends the load, and the file is loaded once after there is room",
  async () => {
    const disk = await fullDisk("1m", server.dataDirectory)
    if (disk === undefined) return note("disk of the server full: not tried, because no file system can be mounted here")
    await using _ = disk
    await harmed.pool.query(`CREATE TABLESPACE small LOCATION '${disk.path}'`)
    const target = (file: File) => postgresTarget(file, { ...harmed, prepare: "ALTER TABLE %s SET TABLESPACE small" })
    await disk.resize("64m")
    const full: CrashFault<LoaderSettings> = {
      name: "disk of the server full (53100)",
      trials: 10,
      lanes: 1,
      async run({ start }) {
        await disk.resize("512k")
        const output = await (await start({ attempts: 1 })).ended
        await disk.resize("64m")
        return /No space left|the disk is full/.test(output?.message ?? "")
          ? []
          : [`a loader that met a full disk said ${output?.outcome ?? output?.message}`]
      },
    }
    expect(await faultRun({ title: "disk", program, target, faults: [full] })).toEqual([])
  },
  hour,
)

test(
  "a load whose temporary files may not grow ends, and the file is loaded once without that limit",
  async () => {
    const target = (file: File) => postgresTarget(file, harmed)
    const limited: CrashFault<LoaderSettings> = {
      name: "temporary files that may not grow (EFBIG)",
      trials: 10,
      lanes: 1,
      async run({ start }) {
        // This needs a separate process, because the limit cannot be removed.
        const loader = await start({ attempts: 1, env: {}, failpoint: { method: "open", nth: 1, when: "before", act: "stop" } })
        await loader.reached
        await promisify(execFile)("prlimit", ["--pid", String(loader.pid), "--fsize=65536"])
        loader.kill("SIGCONT")
        const output = await loader.ended
        return /EFBIG/.test(output?.message ?? "") ? [] : [`a loader that met the limit said ${output?.outcome ?? output?.message}`]
      },
    }
    expect(await faultRun({ title: "disk", program, target, faults: [limited], rows: 40_000, rejectEvery: 2 })).toEqual([])
  },
  hour,
)

test(
  "a full disk for temporary files ends the load, and the file is loaded once after there is room",
  async () => {
    const disk = await fullDisk("64k")
    if (disk === undefined) return note("disk for temporary files full: not tried, because no file system can be mounted here")
    await using _ = disk
    const target = (file: File) => postgresTarget(file, harmed)
    const full: CrashFault<LoaderSettings> = {
      name: "disk for temporary files full",
      trials: 10,
      lanes: 1,
      async run({ start }) {
        const output = await (await start({ attempts: 1, env: { TMPDIR: disk.path } })).ended
        return /ENOSPC/.test(output?.message ?? "") ? [] : [`a loader that met a full disk said ${output?.outcome ?? output?.message}`]
      },
    }
    expect(await faultRun({ title: "disk", program, target, faults: [full], rows: 40_000, rejectEvery: 2 })).toEqual([])
  },
  hour,
)

type File = Parameters<typeof postgresTarget>[0]
