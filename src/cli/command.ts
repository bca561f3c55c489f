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
  /** The operands after the name, such as `FILE...`. */
  readonly operands: string
  readonly about: string
  /** More lines for the command's own help. */
  readonly notes?: readonly string[]
  readonly options: { readonly [name: string]: OptionSpec }
  /** Whether it loads files. If it is stopped, it then says that the current file was not loaded. */
  readonly loads?: boolean
  run(call: CommandCall): Promise<ExitCode>
}
