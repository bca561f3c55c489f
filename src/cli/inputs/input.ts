import { resolve } from "node:path"
import type { Source } from "../../contract/source.ts"
import { file } from "../../sources/file.ts"

/** A file that a command line names. */
export interface Input {
  /** Its name without folders, which gives the table its name. */
  readonly name: string
  /** Where it is on disk, if it is there before the command reads it. */
  readonly path: string | undefined
  /** Gives this one file. */
  readonly source: Source
}

/** A file on disk. It need not exist yet. */
export function localInput(path: string, cwd: string): Input {
  const absolute = resolve(cwd, path)
  return { name: nameOf(absolute), path: absolute, source: file(absolute) }
}

/** The files of several inputs, one after another. */
export function sourceOfInputs(inputs: readonly Input[]): Source {
  return {
    name: "inputs",
    async *files(context) {
      for (const { source } of inputs) yield* source.files(context)
    },
  }
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}
