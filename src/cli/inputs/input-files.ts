import { stat } from "node:fs/promises"
import { resolve } from "node:path"
import type { SourceFile } from "../../contract/source.ts"
import { counted } from "../../errors/counted.ts"
import type { CommandIo } from "../command.ts"
import { usageError } from "../usage-error.ts"
import { filesBelow, filesLike, isPattern } from "./folder-files.ts"
import { type Input, localInput } from "./input.ts"
import { SpooledFiles } from "./spooled-files.ts"

/** The files that the operands of a command name: paths, folders, patterns, `-`, `https://` and `s3://`. */
export class InputFiles implements AsyncDisposable {
  readonly files: readonly Input[]
  readonly #spooled: SpooledFiles

  private constructor(files: readonly Input[], spooled: SpooledFiles) {
    this.files = files
    this.#spooled = spooled
  }

  /** Lists folders and prefixes, and reads no file. Throws `CONFIG_INVALID` if an operand names no file. */
  static async of(operands: readonly string[], io: CommandIo, command: string, signal: AbortSignal): Promise<InputFiles> {
    const spooled = new SpooledFiles(io.stdin)
    if (operands.filter((each) => each === "-").length > 1) throw usageError("Standard input (-) can be read only once.", command)
    const files: Input[] = []
    for (const operand of operands) files.push(...(await inputsOf(operand, spooled, io, command, signal)))
    return new InputFiles(files, spooled)
  }

  /** Removes the copies of what was downloaded. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spooled[Symbol.asyncDispose]()
  }
}

async function inputsOf(
  operand: string,
  spooled: SpooledFiles,
  { cwd, stderr }: CommandIo,
  command: string,
  signal: AbortSignal,
): Promise<readonly Input[]> {
  if (operand === "-") return [spooled.stdin()]
  if (/^https?:\/\//i.test(operand)) return [spooled.download(webAddress(operand, command))]
  if (/^s3:\/\//i.test(operand)) return await objectsOf(operand, command, signal)
  const path = resolve(cwd, operand)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) {
    const { files, others } = await filesBelow(path, signal)
    if (files.length === 0) throw usageError(`The folder ${path} contains no csv, json, ndjson, xlsx or parquet file.`, command)
    const [other] = others
    if (other !== undefined) {
      const [are, which] = others.length === 1 ? ["is", ""] : ["are", "such as "]
      await stderr.notes([`${counted(others.length, "other file")} of ${operand} ${are} left out: ${which}${other}.`])
    }
    return files.map((each) => localInput(each, cwd))
  }
  if (found !== undefined || !isPattern(operand)) return [localInput(path, cwd)]
  const files = await filesLike(operand, cwd, signal)
  if (files.length === 0) throw usageError(`No file matches ${operand}.`, command)
  return files.map((each) => localInput(each, cwd))
}

function webAddress(text: string, command: string): URL {
  if (!URL.canParse(text)) throw usageError(`${text} is not a URL.`, command)
  return new URL(text)
}

/** One object, or all objects of a prefix that ends in a slash. */
async function objectsOf(address: string, command: string, signal: AbortSignal): Promise<readonly Input[]> {
  const [, bucket, key = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/is.exec(address) ?? []
  if (bucket === undefined)
    throw usageError(`${address} names no bucket. Write s3://bucket/key, or s3://bucket/prefix/ for several objects.`, command)
  const { s3 } = await import("../../sources/s3/s3.ts")
  const isPrefix = key === "" || key.endsWith("/")
  if (!isPrefix) return [{ name: lastPart(key), path: undefined, source: s3({ bucket, key }) }]
  const inputs: Input[] = []
  const { silentLogger } = await import("../../contract/logger.ts")
  const context = { runId: "inputs", signal, logger: silentLogger, asOf: new Date(0) }
  for await (const file of s3({ bucket, prefix: key }).files(context))
    inputs.push({ name: lastPart(file.uri), path: undefined, source: only(file) })
  return inputs
}

function only(file: SourceFile): Input["source"] {
  return {
    name: "s3",
    async *files() {
      yield file
    },
  }
}

function lastPart(key: string): string {
  return key.split("/").at(-1) ?? key
}
