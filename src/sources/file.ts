import type { BigIntStats } from "node:fs"
import { stat } from "node:fs/promises"
import { resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Source } from "../contract/source.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionKind } from "../options/option-kind.ts"
import { kind, list, text } from "../options/option-kinds.ts"
import { LocalFile } from "./local-file.ts"

/** Options of `file`. */
export interface FileOptions {
  /** What reports and origins call the file, for example the original name of an upload. Default: its `file:` URL. */
  readonly name?: string | undefined
}

/**
 * Reads files on disk, by path or `file:` URL. Each file is one delivery. With one path you can pass `name`, which reports then use for the file.
 *
 * Throws `SOURCE_NOT_FOUND`, `SOURCE_NOT_A_FILE` for a directory or a pipe, `SOURCE_UNREADABLE`, and `SOURCE_CHANGED` if a file is written to or
 * replaced while it is read.
 */
export function file(path: string | URL, options: FileOptions): Source
export function file(...paths: readonly (string | URL)[]): Source
export function file(...given: readonly (string | URL | FileOptions)[]): Source {
  const { paths, name } = checkedArguments(given)
  const absolute = paths.map((path) => (path instanceof URL || /^file:\/\//i.test(path) ? fileURLToPath(path) : resolve(path)))
  return {
    name: "file",
    async *files(context) {
      for (const path of absolute) {
        context.signal.throwIfAborted()
        yield await localFile(path, name)
      }
    },
  }
}

/** Tells paths from options, which may follow a single path. */
function checkedArguments(given: readonly (string | URL | FileOptions)[]): { readonly paths: readonly (string | URL)[] } & FileOptions {
  const [path, options] = given
  if (given.length !== 2 || !isOptions(options)) {
    checkArgument("file()", given, list(pathKind(), "paths, one after another"))
    return { paths: given as readonly (string | URL)[] }
  }
  checkArgument("The path of file()", path, pathKind())
  checkOptions<FileOptions>("file()", options, { name: text() })
  return { paths: [path as string | URL], name: options.name }
}

function isOptions(value: unknown): value is FileOptions {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof URL)
}

/** What a path of `file` can be. */
function pathKind(): OptionKind<string | URL> {
  const isPath = (value: unknown) => (typeof value === "string" ? value !== "" : value instanceof URL && value.protocol === "file:")
  return kind("a path or a file: URL", isPath)
}

async function localFile(path: string, name: string | undefined): Promise<LocalFile> {
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
