import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { build } from "esbuild"
import type { LoaderAnswer, LoaderJob } from "./loader-job.ts"

let bundle: Promise<string> | undefined

/** The loader as one file, so that a process starts in a tenth of a second. */
function loaderFile(): Promise<string> {
  bundle ??= (async () => {
    const folder = join(import.meta.dirname, "../../node_modules/.cache/rowgate-fault")
    await mkdir(folder, { recursive: true })
    const outfile = join(folder, `loader-${process.pid}.mjs`)
    await build({
      entryPoints: [join(import.meta.dirname, "loader.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      packages: "external",
      loader: { ".sql": "text" },
      logLevel: "error",
    })
    return outfile
  })()
  return bundle
}

/** A loader process under way. */
export interface LoaderProcess {
  readonly pid: number
  /** Resolves once the process runs the job's first line. */
  readonly ready: Promise<void>
  /** Its answer; undefined where it was killed before it gave one. */
  readonly answer: Promise<LoaderAnswer | undefined>
  kill(signal: NodeJS.Signals): void
}

/** Starts a loader. `folder` is where its temporary files go. */
export async function startLoader(job: LoaderJob, folder: string): Promise<LoaderProcess> {
  const child = spawn(process.execPath, [await loaderFile(), JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: folder },
  })
  const { pid } = child
  if (pid === undefined) throw new Error("the loader did not start")
  let begin = () => {}
  const ready = new Promise<void>((resolve) => {
    begin = resolve
  })
  return { pid, ready, answer: answerOf(child, begin), kill: (signal) => void child.kill(signal) }
}

async function answerOf(child: ChildProcess, ready: () => void): Promise<LoaderAnswer | undefined> {
  let output = ""
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text
    ready()
  })
  await once(child, "close")
  ready()
  const last = output.trimEnd().split("\n").at(-1)
  return last === undefined || !last.startsWith("{") ? undefined : JSON.parse(last)
}
