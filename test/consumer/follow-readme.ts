import { exec } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type Example, readExamples } from "../docs/read-examples.ts"

const execute = promisify(exec)
const root = fileURLToPath(new URL("../..", import.meta.url))

/** What a reader of README.md sees who does what it says, and what it promises. */
export interface Followed {
  readonly command: string
  readonly pipeline: string
  readonly promisedPipeline: string
}

/**
 * Follows README.md in an empty folder: writes its file, runs its line, and runs its pipeline. The package comes from a tarball, and `nodeFolder` has
 * the `node` to use. Default: the one on the path.
 */
export async function followReadme(tarball: string, nodeFolder?: string): Promise<Followed> {
  const examples = readExamples("README.md", await readFile(join(root, "README.md"), "utf8"))
  const file = first(examples, ({ file }) => file === "orders.csv")
  const line = first(examples, ({ code }) => code.startsWith("npm install rowgate"))
  const start = first(examples, ({ code }) => code.endsWith("node orders.mjs"))
  const pipeline = first(examples, ({ language, use }) => language === "ts" && use === "run")
  const promised = first(examples.slice(examples.indexOf(pipeline)), ({ use }) => use === "output")
  const folder = await mkdtemp(join(tmpdir(), "rowgate-reader-"))
  const run = async (command: string) => (await execute(command, { cwd: folder, env: environment(nodeFolder) })).stdout
  try {
    await writeFile(join(folder, "orders.csv"), `${file.code}\n`)
    await writeFile(join(folder, "orders.mjs"), `${pipeline.code}\n`)
    const command = await run(line.code.replace("npm install rowgate", `npm install "${tarball}"`))
    const printed = (await run(start.code)).trimEnd().split("\n")
    // npm says first what it has installed.
    const lines = promised.code.split("\n").length
    return { command, pipeline: printed.slice(-lines).join("\n"), promisedPipeline: promised.code }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function first(examples: readonly Example[], isIt: (example: Example) => boolean): Example {
  const found = examples.find(isIt)
  if (found === undefined) throw new Error("README.md lacks the file, the line to install, the pipeline or its output.")
  return found
}

/** The variables of npm would point the inner npm back at this project. */
function environment(nodeFolder: string | undefined): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)/i.test(name)))
  const name = Object.keys(own).find((each) => each.toUpperCase() === "PATH") ?? "PATH"
  return { ...own, [name]: [nodeFolder, own[name]].filter((part) => part !== undefined).join(delimiter) }
}
