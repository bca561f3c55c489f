import { RowgateError } from "../errors/rowgate-error.ts"
import { Arguments, didYouMean } from "./arguments.ts"
import type { CliIo } from "./cli-io.ts"
import { type Command, type CommandIo, commonOptions } from "./command.ts"
import { completion } from "./commands/completion.ts"
import { ingest } from "./commands/ingest.ts"
import { init } from "./commands/init.ts"
import { migrate } from "./commands/migrate.ts"
import { profile } from "./commands/profile.ts"
import { purge } from "./commands/purge.ts"
import { read } from "./commands/read.ts"
import { rejects } from "./commands/rejects.ts"
import { replay } from "./commands/replay.ts"
import { report } from "./commands/report.ts"
import { runs } from "./commands/runs.ts"
import { show } from "./commands/show.ts"
import { template } from "./commands/template.ts"
import { type Environment, readEnvironment } from "./environment.ts"
import { withEnvironmentFile } from "./environment-file.ts"
import { errorLines } from "./error-lines.ts"
import { type ExitCode, exitCode } from "./exit-code.ts"
import { commandHelp, commandList } from "./help.ts"
import { Printer, type PrinterOptions } from "./printer.ts"
import { isStop, reasonText, StoppedLoad } from "./stopped-load.ts"
import { hasColour, type Line } from "./style.ts"
import { usageError } from "./usage-error.ts"
import { version } from "./version.ts"

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  ingest,
  init,
  read,
  profile,
  report,
  show,
  runs,
  rejects,
  replay,
  template,
  purge,
  migrate,
  completion,
]

/** Codes of errors in the command line, the configuration or the environment. */
const usageCodes: readonly string[] = ["CONFIG_INVALID", "PIPELINE_INVALID", "SCHEMA_INVALID"]

/**
 * Runs the `rowgate` command with the arguments after its name, and resolves with the exit code. It never rejects: errors are written to
 * `io.stderr` with code, place and remedy, and with LOG_LEVEL=debug the stack.
 */
export async function runCli(argv: readonly string[], { stdout, stderr, stdin, env, cwd, signal }: CliIo): Promise<ExitCode> {
  const printer = (stream: typeof stdout, options?: PrinterOptions) =>
    new Printer(stream, { colour: hasColour(stream.isTTY === true, env), watched: !env["CI"], ...options })
  const io: CommandIo = { stdout: printer(stdout), stderr: printer(stderr), stdin, cwd }
  let showStack = env["LOG_LEVEL"] === "debug"
  let command: Command | undefined
  const sayStopping = () => {
    if (io.stderr.isTTY) void io.stderr.lines(["Stopping ... (Ctrl-C again ends at once)"])
  }
  signal?.addEventListener("abort", sayStopping)
  try {
    const [word, ...rest] = argv
    if (word === undefined) {
      await io.stderr.lines(commandList(commands))
      return exitCode.usage
    }
    if (word === "--version" || word === "-v") return await say(io, [await version()])
    if (word === "--help" || word === "-h" || word === "help") {
      const [about] = rest
      return await say(io, about === undefined ? commandList(commands) : commandHelp(commandOf(about)))
    }
    command = commandOf(word)
    const args = Arguments.parse(command.name, rest, { ...command.options, ...commonOptions })
    if (args.flag("help")) return await say(io, commandHelp(command))
    const environment: Environment = readEnvironment(args.flag("no-config") ? env : await withEnvironmentFile(env, cwd))
    showStack = environment.logLevel === "debug"
    const isQuiet = args.flag("quiet")
    const quiet = { ...io, stdout: printer(stdout, { quiet: true }), stderr: printer(stderr, { quiet: true }) }
    return await command.run({
      args,
      io: isQuiet ? quiet : io,
      environment,
      signal: signal ?? new AbortController().signal,
      // npx tells its programs so.
      program: env["npm_command"] === "exec" ? "npx rowgate" : "rowgate",
      commands,
    })
  } catch (error) {
    const shown = signal !== undefined && isStop(error, signal) ? stopped(error, signal, command) : error
    await io.stderr.lines(styledError(errorLines(shown, { stack: showStack })))
    return error instanceof RowgateError && usageCodes.includes(error.code) ? exitCode.usage : exitCode.failed
  } finally {
    signal?.removeEventListener("abort", sayStopping)
  }
}

/** The code stands out. */
function styledError([first = "", ...lines]: readonly string[]): readonly Line[] {
  const end = first.indexOf(":")
  return [[{ text: first.slice(0, end), style: "red" }, first.slice(end)], ...lines]
}

/** The command with a name. Throws `CONFIG_INVALID` if there is none. */
function commandOf(word: string): Command {
  const command = commands.find(({ name }) => name === word)
  if (command !== undefined) return command
  if (word.startsWith("-")) throw usageError(`${word} stands before the command. Write the command first: rowgate ingest FILE ${word}.`)
  throw usageError(`rowgate has no command ${word}.${didYouMean(word, [...commands.map(({ name }) => name), "help"])}`)
}

function stopped(error: unknown, { reason }: AbortSignal, command: Command | undefined): RowgateError {
  if (error instanceof StoppedLoad) return error
  if (command?.loads === true) return new StoppedLoad(reason, { loaded: [], refused: [], current: undefined, untried: [] })
  return new RowgateError({ code: "ABORTED", message: reasonText(reason), cause: reason })
}

async function say(io: CommandIo, lines: readonly Line[]): Promise<ExitCode> {
  await io.stdout.lines(lines)
  return exitCode.ok
}
