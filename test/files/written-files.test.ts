import { execFile, execFileSync } from "node:child_process"
import { chown, link, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { PartFile } from "../../src/files/part-file.ts"
import { correctionWorkbook } from "../../src/report.ts"
import { rejectsCsv, rejectsNdjson } from "../../src/sinks/rejects-file.ts"
import { TextStream } from "../cli/text-stream.ts"
import { embeddedFolder } from "../embedded-database.ts"

const run = promisify(execFile)
const root = new URL("../../", import.meta.url).pathname

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-files-"))
})
afterEach(() => rm(folder, { recursive: true }))

const noRejects = Object.assign((async function* () {})(), { columns: async () => ["a"] })

async function rowgate(...argv: string[]) {
  const stream = new TextStream()
  const code = await runCli(argv, { stdout: stream, stderr: stream, env: {}, cwd: folder })
  return { code, text: stream.text }
}

/** What is at the path of the file, by the word for it in the error. */
const obstacles: { readonly [fault: string]: (path: string) => Promise<unknown> } = {
  "a symbolic link": async (path) => {
    await writeFile(join(folder, "victim"), "kept")
    await symlink(join(folder, "victim"), path)
  },
  "a symbolic link ": (path) => symlink(join(folder, "nowhere"), path),
  "a directory": (path) => mkdir(path),
  "a device, a pipe or a socket": async (path) => execFileSync("mkfifo", [path]),
}

describe("a file that is written", () => {
  test.each(Object.keys(obstacles))("takes the place of no %s", async (fault) => {
    const path = join(folder, "out.ndjson")
    await obstacles[fault]?.(path)
    const before = await lstat(path)
    for (const write of [rejectsCsv, rejectsNdjson, correctionWorkbook])
      await expect(write(path, noRejects)).rejects.toMatchObject({ code: "SINK_REFUSED", message: expect.stringContaining(fault.trim()) })
    await writeFile(join(folder, "a.csv"), "id\n1\n")
    for (const option of ["--report", "--rejects"]) {
      const { code, text } = await rowgate("ingest", "a.csv", "--to", "rows.ndjson", option, path)
      expect([code, text]).toEqual([2, expect.stringContaining(`${option} cannot write ${path}: it is ${fault.trim()}`)])
    }
    expect(await rowgate("ingest", "a.csv", "--to", path)).toMatchObject({ code: 1, text: expect.stringContaining(fault.trim()) })
    expect((await lstat(path)).ino).toBe(before.ino)
    expect(await readFile(join(folder, "victim"), "utf8").catch(() => "kept")).toBe("kept")
    expect((await readdir(folder)).filter((name) => name.endsWith(".part") || name === "nowhere")).toEqual([])
  })

  test.runIf(process.getuid?.() === 0)("takes the place of no file of another user", async () => {
    const path = join(folder, "theirs.csv")
    await writeFile(path, "kept")
    await chown(path, 65534, 65534)
    await expect(rejectsCsv(path, noRejects)).rejects.toMatchObject({
      code: "SINK_REFUSED",
      message: expect.stringContaining("another user"),
    })
    expect(await readFile(path, "utf8")).toBe("kept")
  })

  test("refuses to replace a link that appeared meanwhile, and never writes through it", async () => {
    const path = join(folder, "out.json")
    const victim = join(folder, "victim")
    await writeFile(victim, "kept")
    const part = await PartFile.create(path)
    await part.write("new")
    await symlink(victim, path)
    await expect(part.publish(path)).rejects.toMatchObject({ code: "SINK_REFUSED" })
    expect([await readFile(victim, "utf8"), (await readdir(folder)).sort()]).toEqual(["kept", ["out.json", "victim"]])
  })

  test("does not change the content under another name of the file that it replaces", async () => {
    const path = join(folder, "out.csv")
    await writeFile(path, "old")
    await link(path, join(folder, "other"))
    await rejectsCsv(path, noRejects)
    expect(await readFile(join(folder, "other"), "utf8")).toBe("old")
  })

  test.runIf(process.platform === "linux")("is refused where no folder can be made, and that soon", async () => {
    for (const path of ["/proc/x/y/report.json", "/proc/self/fd/x/y"])
      expect(await rowgate("ingest", "a.csv", "--report", path)).toMatchObject({ code: 2, text: expect.stringContaining("cannot write") })
    await expect(rejectsCsv("/proc/x/y/r.csv", noRejects)).rejects.toMatchObject({ code: "SINK_REFUSED" })
  })
})

/** The permissions of everything in a folder. */
async function modes(path: string): Promise<{ [kind: string]: string[] }> {
  const found: { [kind: string]: string[] } = {}
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    const each = join(entry.parentPath, entry.name)
    const kind = `${entry.isDirectory() ? "directory" : "file"} ${((await stat(each)).mode & 0o777).toString(8)}`
    found[kind] = [...(found[kind] ?? []), each]
  }
  return found
}

describe("whatever the umask", () => {
  const program = `process.umask(0)
    const { runCli } = await import("./src/cli.ts")
    const [cwd, ...argv] = process.argv.slice(1)
    const stream = { write: (text) => void process.stdout.write(text) }
    process.exitCode = await runCli(argv, { stdout: stream, stderr: stream, env: {}, cwd })`
  const child = async (...argv: string[]) => {
    const node = ["--import", "tsx", "--import", "./tools/sql-import.mjs", "--input-type=module", "-e", program, folder, ...argv]
    return (await run(process.execPath, node, { cwd: root })).stdout
  }

  test("only the owner can read the folder of a database, reports and rejects", async () => {
    await writeFile(join(folder, "a.csv"), "id,name\n1,x\n2,y\n", { mode: 0o600 })
    const out = await child("ingest", "a.csv", "--to", "pglite:new/db", "--report", "made/report.json", "--rejects", "made/rejects.ndjson")
    expect(out).toContain("2 loaded")
    const id = JSON.parse((await child("runs", "--to", "pglite:new/db", "--json")).trim()).id
    await child("rejects", id, "--to", "pglite:new/db", "--csv", "r.csv", "--ndjson", "r.ndjson", "--xlsx", "r.xlsx")
    const found = await modes(folder)
    expect(Object.keys(found).sort()).toEqual(["directory 700", "file 600"])
    expect(found["file 600"]).toEqual(
      expect.arrayContaining(["made/report.json", "r.xlsx", "new/db/PG_VERSION"].map((name) => join(folder, name))),
    )
  })

  test("a database that others could read is closed to them, and a folder of other files does not change", async () => {
    await embeddedFolder(join(folder, "db"))
    execFileSync("chmod", ["-R", "a+rwX", join(folder, "db")])
    await rowgate("runs", "--to", "pglite:db")
    expect(Object.keys(await modes(folder)).sort()).toEqual(["directory 700", "file 600"])
    await mkdir(join(folder, "home"))
    await writeFile(join(folder, "home", "letter"), "", { mode: 0o644 })
    await rowgate("runs", "--to", "pglite:home")
    expect(((await stat(join(folder, "home"))).mode & 0o777) !== 0o700).toBe(true)
  })
})
