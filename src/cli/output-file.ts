import { appendFile } from "node:fs/promises"
import { PartFile } from "../files/part-file.ts"
import { replaceFault } from "../files/replace-fault.ts"
import { usageError } from "./usage-error.ts"
import { visibleJson } from "./visible-text.ts"

/** What a shell hands over, and what takes everything: these are written to, never replaced. */
const streams = /^\/dev\/(stdout|stderr|null|full|fd\/\d+)$/

/** Finds out, before anything is loaded, whether an option's file can be written; folders that are missing are made. */
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

/** Writes a value as JSON to the file, which appears under its name when it is whole; `/dev/stdout` and its like are written to as they are. */
export async function writeOutput(path: string, value: unknown): Promise<void> {
  const text = `${visibleJson(JSON.stringify(value, null, 2))}\n`
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
