import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"
import type { LoaderInput, LoaderOutput } from "./loader.ts"

/** A loader that runs, or has run. */
export interface LoaderProcess {
  readonly child: ChildProcess
  /** Its last words; undefined where it was killed before them. */
  readonly ended: Promise<LoaderOutput | undefined>
  /** Files that it left in its own temporary folder. */
  leftovers(): Promise<readonly string[]>
}

let program: Promise<string> | undefined

/** Starts a loader in a process of its own, compiled once, with a temporary folder of its own. */
export async function startLoader(input: LoaderInput, home: string): Promise<LoaderProcess> {
  program ??= compile()
  const temp = await mkdtemp(join(home, "temp-"))
  const child = fork(await program, [JSON.stringify(input)], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, TMPDIR: temp },
  })
  let said = ""
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text
  })
  child.stderr?.resume()
  const ended = once(child, "close").then(() =>
    said.trim() === "" ? undefined : (JSON.parse(said.trim().split("\n").at(-1) ?? "") as LoaderOutput),
  )
  return { child, ended, leftovers: () => readdir(temp) }
}

/** Bundled beside the project's own packages, with `rowgate` meaning its sources. */
async function compile(): Promise<string> {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const outfile = join(root, ".rowgate", "fault", `loader-${process.pid}.mjs`)
  const face: Plugin = {
    name: "rowgate sources",
    setup({ onResolve }) {
      onResolve({ filter: /^rowgate(\/|$)/ }, ({ path }) => ({ path: join(root, "src", `${path.split("/")[1] ?? "index"}.ts`) }))
    },
  }
  await build({
    entryPoints: [fileURLToPath(new URL("loader.ts", import.meta.url))],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    plugins: [face],
    loader: { ".sql": "text" },
    tsconfigRaw: {},
  })
  process.once("exit", () => void rm(outfile, { force: true }))
  return outfile
}

/** A folder for the files of a suite. */
export async function faultHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), "rowgate-fault-"))
}
