import type { Arguments } from "./arguments.ts"
import type { Environment } from "./environment.ts"
import type { ExitCode } from "./exit-code.ts"
import type { Printer } from "./printer.ts"

/** An option of a command, as `--help` and the parser know it. */
export interface OptionSpec {
  /** The placeholder of its value in the help. An option without one is a switch. */
  readonly value?: string
  /** Whether it can be given more than once. */
  readonly many?: boolean
  /** The values that it takes, if they are few. */
  readonly values?: readonly string[]
  readonly about: string
}

/** Where a command reads and writes. It reaches the streams only through their printers. */
export interface CommandIo {
  /** Where results go. */
  readonly stdout: Printer
  /** Where progress, log lines and errors go. */
  readonly stderr: Printer
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array> | undefined
  /** Folder that relative paths start from. */
  readonly cwd: string
}

/** Options of every command. */
export const commonOptions: { readonly [name: string]: OptionSpec } = {
  "no-config": { about: "ignore rowgate.config.* and .env.local of the working directory" },
  help: { about: "print this help (-h)" },
}

/** The option of commands that print a summary. */
export const quietOption = { quiet: { about: "print nothing but errors; the exit code tells how it went" } } as const

/** A heading of the help, and the names of the options below it. */
export type OptionGroup = readonly [heading: string, options: readonly string[]]

/** A command line after `rowgate`, and what it does. */
export type Example = readonly [line: string, about: string]

/** What a command is called with. */
export interface CommandCall {
  readonly args: Arguments
  readonly io: CommandIo
  readonly environment: Environment
  readonly signal: AbortSignal
  /** How the command was called: `rowgate` or `npx rowgate`, for hints to copy. */
  readonly program: string
  /** All commands, for those that name others. */
  readonly commands: readonly Command[]
}

/** One word after `rowgate`. */
export interface Command {
  readonly name: string
  /** The operands after the name, such as `FILE...`. */
  readonly operands: string
  /** The words that operands can be, if they are few. */
  readonly operandValues?: readonly string[]
  readonly about: string
  /** More lines for the command's own help. */
  readonly notes?: readonly string[]
  readonly options: { readonly [name: string]: OptionSpec }
  /** Headings of the help, and the options below each. The others come last. */
  readonly groups?: readonly OptionGroup[]
  /** Command lines to try, each followed by what it does. */
  readonly examples?: readonly Example[]
  /** Whether it loads files. If it is stopped, it then says that the current file was not loaded. */
  readonly loads?: boolean
  run(call: CommandCall): Promise<ExitCode>
}
