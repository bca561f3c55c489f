import type { Arguments } from "./arguments.ts"
import type { Environment } from "./environment.ts"
import type { ExitCode } from "./exit-code.ts"
import type { Printer } from "./printer.ts"

/** An option of a command, as `--help` and the parser know it. */
export interface OptionSpec {
  /** What stands for its value in the help; without one it is a switch. */
  readonly value?: string
  readonly about: string
}

/** Where a command reads and writes: the streams can be reached through their printers alone. */
export interface CommandIo {
  /** Where results go. */
  readonly stdout: Printer
  /** Where progress, log lines and errors go. */
  readonly stderr: Printer
  /** Folder that relative paths begin in. */
  readonly cwd: string
}

/** Options of every command. */
export const commonOptions: { readonly [name: string]: OptionSpec } = {
  "no-config": { about: "execute no rowgate.config.* and read no .env.local of the working directory" },
}

/** What a command is called with. */
export interface CommandCall {
  readonly args: Arguments
  readonly io: CommandIo
  readonly environment: Environment
  readonly signal: AbortSignal
}

/** One word after `rowgate`. */
export interface Command {
  readonly name: string
  /** What follows the name: `FILE...`. */
  readonly operands: string
  readonly about: string
  /** Longer, for the command's own help: one line each. */
  readonly notes?: readonly string[]
  readonly options: { readonly [name: string]: OptionSpec }
  /** Whether it loads files. If it is stopped, it then says that the current file was not loaded. */
  readonly loads?: boolean
  run(call: CommandCall): Promise<ExitCode>
}
