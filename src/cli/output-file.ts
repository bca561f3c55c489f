import { constants } from "node:fs"
import { access, stat, writeFile } from "node:fs/promises"
import { PartFile } from "../sinks/part-file.ts"
import { usageError } from "./usage-error.ts"
import { visibleJson } from "./visible-text.ts"

/** Finds out, before anything is loaded, whether an option's file can be written; folders that are missing are made. */
export async function requireWritable(path: string, option: string, command: string): Promise<void> {
  try {
    const kind = await kindOf(path)
    if (kind === "directory") throw new Error("it is a directory")
    if (kind === "device") await access(path, constants.W_OK)
    else await (await PartFile.create(path)).discard()
  } catch (error) {
    throw usageError(`--${option} cannot write ${path}: ${error instanceof Error ? error.message : String(error)}.`, command)
  }
}

/** Writes a value as JSON to the file, which appears under its name when it is whole; a pipe or a terminal is written to directly. */
export async function writeOutput(path: string, value: unknown): Promise<void> {
  const text = `${visibleJson(JSON.stringify(value, null, 2))}\n`
  if ((await kindOf(path)) === "device") return await writeFile(path, text)
  const part = await PartFile.create(path)
  try {
    await part.write(text)
    await part.publish(path)
  } catch (error) {
    await part.discard()
    throw error
  }
}

async function kindOf(path: string): Promise<"file" | "directory" | "device"> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined || there.isFile()) return "file"
  return there.isDirectory() ? "directory" : "device"
}
