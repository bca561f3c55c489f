import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import type { Source } from "../contract/source.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionKind } from "../options/option-kind.ts"
import { kind, list, text } from "../options/option-kinds.ts"

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
 *
 * @example
 * ```ts typecheck
 * import { createPipeline, file } from "rowgate"
 *
 * const upload = createPipeline({ name: "orders" }).from(file("/tmp/upload-4711", { name: "june.csv" }))
 * const both = createPipeline({ name: "orders" }).from(file("june.csv", "july.csv"))
 * ```
 */
export function file(path: string | URL, options: FileOptions): Source
export function file(...paths: readonly (string | URL)[]): Source
export function file(...given: readonly (string | URL | FileOptions)[]): Source {
  const { paths, name } = checkedArguments(given)
  const absolute = paths.map((path) => (path instanceof URL || /^file:\/\//i.test(path) ? fileURLToPath(path) : resolve(path)))
  return {
    name: "file",
    async *files(context) {
      const { openLocalFile } = await import("./open-local-file.ts")
      for (const path of absolute) {
        context.signal.throwIfAborted()
        yield await openLocalFile(path, name)
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
