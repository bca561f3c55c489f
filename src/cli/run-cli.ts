import { RowgateError } from "../errors/rowgate-error.ts"
import { Arguments } from "./arguments.ts"
import type { CliIo } from "./cli-io.ts"
import type { Command } from "./command.ts"
import { ingest } from "./commands/ingest.ts"
import { migrate } from "./commands/migrate.ts"
import { purge } from "./commands/purge.ts"
import { read } from "./commands/read.ts"
import { rejects } from "./commands/rejects.ts"
import { replay } from "./commands/replay.ts"
import { runs } from "./commands/runs.ts"
import { type Environment, readEnvironment } from "./environment.ts"
import { withEnvironmentFile } from "./environment-file.ts"
import { errorText } from "./error-text.ts"
import { type ExitCode, exitCode } from "./exit-code.ts"
import { commandHelp, commandList } from "./help.ts"
import { usageError } from "./usage-error.ts"
import { version } from "./version.ts"

/** Every word that `rowgate` knows, in the order of the help. */
const commands: readonly Command[] = [ingest, read, runs, rejects, replay, purge, migrate]

/** Codes of errors that the caller's own words are to blame for. */
const usageCodes: readonly string[] = ["CONFIG_INVALID", "PIPELINE_INVALID", "SCHEMA_INVALID"]

/**
 * Runs the `rowgate` command with the arguments after its name, and resolves with the exit code; never rejects. What goes wrong is written to
 * `io.stderr`: code, place and remedy, and with LOG_LEVEL=debug the stack.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let showStack = io.env["LOG_LEVEL"] === "debug"
  try {
    const [word, ...rest] = argv
    if (word === undefined) throw usageError("There is no command.")
    if (word === "--version" || word === "-v") return say(io, `${await version()}\n`)
    if (word === "--help" || word === "-h" || word === "help") return say(io, commandList(commands))
    const command = commands.find(({ name }) => name === word)
    if (command === undefined) throw usageError(`There is no command ${word}.`)
    if (rest.includes("--help") || rest.includes("-h")) return say(io, commandHelp(command))
    const args = Arguments.parse(command.name, rest, command.options)
    const environment: Environment = readEnvironment(await withEnvironmentFile(io.env, io.cwd))
    showStack = environment.logLevel === "debug"
    return await command.run({ args, io, environment, signal: io.signal ?? new AbortController().signal })
  } catch (error) {
    io.stderr.write(errorText(error, { stack: showStack }))
    return error instanceof RowgateError && usageCodes.includes(error.code) ? exitCode.usage : exitCode.failed
  }
}

function say(io: CliIo, text: string): ExitCode {
  io.stdout.write(text)
  return exitCode.ok
}
