import { fork } from "node:child_process"
import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { env } from "node:process"
import { text } from "node:stream/consumers"
import type { JsonValue } from "../../src/model/json-value.ts"

/** A bundled function in a process of its own, which answers one call after the other. */
export interface WarmFunction extends AsyncDisposable {
  /** Calls the handler. `laterMs`: what the function takes for now is so much later. */
  call(event: JsonValue, laterMs?: number): Promise<JsonValue>
  /** What it has written so far, and at its end all that it wrote. */
  output(): Promise<string>
}

/** Starts the function that `buildFunction` has written to `folder`. */
export async function startFunction(folder: string, variables: { readonly [name: string]: string }): Promise<WarmFunction> {
  const file = join(folder, "serve.mjs")
  await writeFile(file, serve)
  const child = fork(file, { env: { PATH: env["PATH"], ...variables }, stdio: ["ignore", "pipe", "pipe", "ipc"] })
  if (child.stdout === null || child.stderr === null) throw new Error("The process has no output.")
  const written = Promise.all([text(child.stdout), text(child.stderr)])
  const ended = once(child, "exit")
  return {
    async call(event, laterMs = 0) {
      const answer = Promise.race([once(child, "message"), ended.then(() => Promise.reject(new Error("The function ended.")))])
      child.send({ event, laterMs })
      const [{ output, error }] = await answer
      if (error === undefined) return output
      throw Object.assign(new Error(error.message), { name: error.name })
    },
    async output() {
      if (child.connected) child.disconnect()
      await ended
      return (await written).join("\n")
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** The time is shifted for the whole process, because the sweeper waits for minutes and days. */
const serve = `
const RealDate = Date
let shift = 0
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shift)
    else super(...given)
  }
  static now() {
    return RealDate.now() + shift
  }
}
const { inspect } = await import("node:util")
const { handler } = await import("./index.mjs")
const context = { getRemainingTimeInMillis: () => 120_000, awsRequestId: "1", functionName: "test" }
process.on("message", async ({ event, laterMs }) => {
  shift = laterMs
  try {
    process.send({ output: (await handler(event, context)) ?? null })
  } catch (error) {
    // Lambda logs what a handler throws, too.
    process.stderr.write(inspect(error, { depth: 10 }) + "\\n")
    process.send({ error: { name: error.name, message: error.message } })
  }
})
process.on("disconnect", () => process.exit())
`
