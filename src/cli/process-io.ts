import type { CliIo } from "./cli-io.ts"
import { type ExitCode, exitCode } from "./exit-code.ts"

const codeOf = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const

/** The process as the command sees it. The first Ctrl-C or SIGTERM ends the run cleanly, a second one at once. */
export function processIo(): { readonly io: CliIo; exitCodeOf(code: ExitCode): ExitCode } {
  const controller = new AbortController()
  let received: keyof typeof codeOf | undefined
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      received = name
      controller.abort(new Error(`received ${name}`))
    })
  }
  // A reader that has seen enough (`| head`) is no failure of the command.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
    process.exit(exitCode.ok)
  })
  const { stdout, stderr, env } = process
  const io: CliIo = { stdout, stderr, env, cwd: process.cwd(), signal: controller.signal }
  return { io, exitCodeOf: (code) => (received !== undefined && code !== exitCode.ok ? codeOf[received] : code) }
}
