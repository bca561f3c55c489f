import { appendFile } from "node:fs/promises"
import { PartFile } from "../files/part-file.ts"
import { replaceFault } from "../files/replace-fault.ts"
import { usageError } from "./usage-error.ts"
import { visibleJson } from "./visible-text.ts"

/** Streams of the shell and devices. They are written to, never replaced. */
const streams = /^\/dev\/(stdout|stderr|null|full|fd\/\d+)$/

/** Checks before a load that the file of an option can be written, and creates missing folders. */
export async function requireWritable(path: string, option: string, command: string): Promise<void> {
  if (option === "report" && streams.test(path)) return
  try {
    const fault = await replaceFault(path)
    if (fault !== undefined) throw new Error(fault)
    await (await PartFile.create(path)).discard()
  } catch (error) {
    throw usageError(`--${option} cannot write ${path}: ${error instanceof Error ? error.message : String(error)}.`, command)
  }
}

/** Writes a value as JSON. The file gets its name when it is complete; `/dev/stdout` and the like are written to directly. */
export async function writeOutput(path: string, value: unknown): Promise<void> {
  await writeText(path, `${visibleJson(JSON.stringify(value, null, 2))}\n`)
}

/** Writes a text in the same way. */
export async function writeText(path: string, text: string): Promise<void> {
  if (streams.test(path)) return await appendFile(path, text)
  const part = await PartFile.create(path)
  try {
    await part.write(text)
    await part.publish(path)
  } catch (error) {
    await part.discard()
    throw error
  }
}
