import { RowgateError } from "../errors/rowgate-error.ts"
import type { CliIo } from "./cli-io.ts"
import { errorLines } from "./error-lines.ts"
import { type ExitCode, exitCode } from "./exit-code.ts"
import { OutputStream } from "./output-stream.ts"
import { Printer } from "./printer.ts"

const codeOf = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const

/** The process as the command sees it. The first Ctrl-C or SIGTERM ends the run cleanly; a second one kills the process. */
export function processIo(): { readonly io: CliIo; end(code: ExitCode): Promise<void> } {
  const stdout = new OutputStream(process.stdout)
  const stderr = new OutputStream(process.stderr, { mayBeLost: true })
  // Node opens standard input when it is first asked for it.
  const stdin = { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() }
  const controller = new AbortController()
  let received: keyof typeof codeOf | undefined
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      received = name
      const reason = new RowgateError({ code: "ABORTED", message: `${name} stopped the command.` })
      controller.abort(reason)
      stdout.stop(reason)
      stderr.stop(reason)
    })
  }
  // Node would print the message of an error that nobody catches, and it may quote a row.
  process.on("uncaughtException", (error) => {
    void new Printer(stderr).lines(errorLines(error, { stack: true }))
    process.exit(exitCode.failed)
  })

  async function flushed(code: ExitCode): Promise<ExitCode> {
    try {
      await stdout.flushed()
      return code
    } catch (error) {
      // A command that failed because of its output has said so.
      if (code === exitCode.ok) await new Printer(stderr).lines(errorLines(error))
      return code === exitCode.ok ? exitCode.failed : code
    }
  }

  return {
    io: { stdout, stderr, stdin, env: process.env, cwd: process.cwd(), signal: controller.signal },
    async end(code) {
      const ended = await flushed(code)
      if (received === undefined) {
        process.exitCode = ended
        return
      }
      await stderr.flushed()
      // A write that nobody reads would keep the process alive.
      process.exit(ended === exitCode.ok || ended === exitCode.unreported ? ended : codeOf[received])
    },
  }
}
