import type { BigIntStats } from "node:fs"
import { stat } from "node:fs/promises"
import { pathToFileURL } from "node:url"
import { RowgateError } from "../errors/rowgate-error.ts"
import { LocalFile } from "./local-file.ts"

/** Opens a file on disk by its absolute path. `name` is what reports call it. */
export async function openLocalFile(path: string, name: string | undefined): Promise<LocalFile> {
  const listed = await stat(path, { bigint: true }).catch((cause: unknown) => {
    throw unlisted(path, uriOf(path, name), cause)
  })
  if (!listed.isFile()) throw notAFile(path, uriOf(path, name), listed)
  return new LocalFile(path, uriOf(path, name), listed)
}

function uriOf(path: string, name: string | undefined): string {
  return name ?? pathToFileURL(path).href
}

function unlisted(path: string, uri: string, cause: unknown): RowgateError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined
  const missing = code === "ENOENT" || code === "ENOTDIR"
  return new RowgateError({
    code: missing ? "SOURCE_NOT_FOUND" : "SOURCE_UNREADABLE",
    message: missing ? `The file ${path} does not exist.` : `The file ${path} cannot be opened (${String(code)}).`,
    remedy: missing
      ? "Check the path; a relative path starts from the working directory."
      : "Check the permissions of the file and of its folders.",
    origin: { uri },
    cause,
  })
}

function notAFile(path: string, uri: string, listed: BigIntStats): RowgateError {
  return new RowgateError({
    code: "SOURCE_NOT_A_FILE",
    message: `The path ${path} is ${listed.isDirectory() ? "a directory" : "not a regular file"}.`,
    remedy: listed.isDirectory() ? "Name the files in it one by one." : "Save its content to a file and read that file.",
    origin: { uri },
  })
}
