import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type CrashFault, crashTrials, processFaults } from "rowgate/testing"
import { expect, test } from "vitest"
import { loaderProgram } from "../fault/loader-program.ts"
import { type FolderSettings, readFolder } from "./folder-sink.ts"

/** What the kit finds for a sink with a given defect. */
async function findings(
  wrong: FolderSettings["wrong"],
  faults: readonly CrashFault<FolderSettings>[] = quickFaults(),
  scale = 0.05,
  claimed?: () => Promise<boolean>,
) {
  const results = await crashTrials<FolderSettings>({
    program: await loaderProgram("../testing/crash-loader"),
    async target() {
      const folder = await mkdtemp(join(tmpdir(), "rowgate-folder-"))
      return {
        settings: { folder, ...(wrong === undefined ? {} : { wrong }) },
        ...(claimed === undefined ? {} : { claimed }),
        look: async () => (await readFolder(folder)).length,
        rows: () => readFolder(folder),
        remove: () => rm(folder, { recursive: true }),
      }
    },
    faults,
    scale,
    rows: 500,
    batchRows: 100,
    lanes: 1,
  })
  return results.flatMap((result) => result.findings.flatMap(({ broken }) => broken)).join("; ")
}

function quickFaults(): readonly CrashFault<FolderSettings>[] {
  return processFaults<FolderSettings>().filter(({ name }) => !/SIGSTOP/.test(name))
}

/** SIGKILL before each call of the sink in turn. */
const killedBeforeCalls: readonly CrashFault<FolderSettings>[] = [
  {
    name: "killed before calls",
    trials: 8,
    async run({ start, clean, number }) {
      const call = clean.calls[number]
      if (call !== undefined) await (await start({ failpoint: { ...call, when: "before", act: "kill" } })).ended
      return undefined
    },
  },
]

test("finds nothing if rows and their mark are written in one step", async () => {
  expect(await findings(undefined)).toBe("")
})

test("a sink that commits in two steps loads twice if it is killed between them", async () => {
  expect(await findings("commits in two steps", killedBeforeCalls, 1)).toMatch(/\d+ rows are there more than once/)
})

test("a sink that commits every batch immediately leaves a part behind if it is killed", async () => {
  // On a busy machine, the reader sees a part of the file before anything is killed.
  const found = await findings("shows every batch at once", killedBeforeCalls, 1).catch(String)
  expect(found).toMatch(/\d+ rows are missing|a reader saw \d+, which is neither/)
})

test("a sink that does not remember what it loaded fails as one that loads once", async () => {
  await expect(findings("forgets what it loaded")).rejects.toThrow(/the loader after the fault said|loaders report that they loaded/)
})

test("trials that did not hit a load with its claim do not count, and too few of the others are a finding", async () => {
  const found = await findings(undefined, processFaults<FolderSettings>().slice(0, 1), 0.01, async () => false)
  expect(found).toBe("only 0 of 2 trials hit a load that had its claim")
})

test("finds a sink that leaves a timer running", async () => {
  await expect(findings("leaves a timer")).rejects.toThrow("loaders left open: Timeout")
})

test("a program that does not call crashLoader is reported", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-program-"))
  const program = join(folder, "program.mjs")
  await writeFile(program, "throw new Error('no loader here')")
  const trials = crashTrials({ program, target: async () => ({ settings: {}, look: async () => 0, rows: async () => [] }), faults: [] })
  await expect(trials).rejects.toThrow(/ended before it called crashLoader.*no loader here/s)
  await rm(folder, { recursive: true })
})
