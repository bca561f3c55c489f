import type { CliIo } from "./cli-io.ts"
import { errorLines } from "./error-lines.ts"
import { type ExitCode, exitCode } from "./exit-code.ts"
import { OutputStream } from "./output-stream.ts"
import { Printer } from "./printer.ts"

const codeOf = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const

/** The process as the command sees it. The first Ctrl-C or SIGTERM ends the run cleanly, a second one at once. */
export function processIo(): { readonly io: CliIo; exitCodeOf(code: ExitCode): Promise<ExitCode> } {
  const controller = new AbortController()
  let received: keyof typeof codeOf | undefined
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      received = name
      controller.abort(new Error(`received ${name}`))
    })
  }
  const stdout = new OutputStream(process.stdout)
  const stderr = new OutputStream(process.stderr, { mayBeLost: true })
  // What nobody caught would be written by Node as it is.
  process.on("uncaughtException", (error) => {
    void new Printer(stderr).lines(errorLines(error, { stack: true }))
    process.exit(exitCode.failed)
  })
  const io: CliIo = { stdout, stderr, env: process.env, cwd: process.cwd(), signal: controller.signal }
  return {
    io,
    async exitCodeOf(code) {
      if (received !== undefined && code !== exitCode.ok) return codeOf[received]
      try {
        await stdout.flushed()
        return code
      } catch (error) {
        // A command that failed for it has said so.
        if (code === exitCode.ok) await new Printer(stderr).lines(errorLines(error))
        return code === exitCode.ok ? exitCode.failed : code
      }
    },
  }
}
