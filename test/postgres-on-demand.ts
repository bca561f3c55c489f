import { once } from "node:events"
import { createServer } from "node:net"
import type { TestProject } from "vitest/node"
import { type PostgresServer, postgresServer } from "./postgres-server.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Where a test file asks for the PostgreSQL of this test run: one connection, answered by one connection string. */
    readonly postgresPort: number
  }
}

/**
 * Global set-up of the tests: one PostgreSQL for a whole test run, started when the first test file asks for it, so that a run
 * without such files does not pay for it. ROWGATE_TEST_POSTGRES_URL names an existing server to use instead (a superuser's URL).
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const existing = process.env["ROWGATE_TEST_POSTGRES_URL"]
  let server: Promise<Pick<PostgresServer, "url" | "stop">> | undefined
  const desk = createServer(async (socket) => {
    socket.on("error", () => socket.destroy())
    try {
      server ??= existing === undefined ? postgresServer() : Promise.resolve({ url: existing, stop: async () => undefined })
      socket.end((await server).url)
    } catch (error) {
      socket.end(String(error))
    }
  })
  desk.listen(0, "127.0.0.1")
  await once(desk, "listening")
  const address = desk.address()
  if (address === null || typeof address === "string") throw new Error("no port was given")
  project.provide("postgresPort", address.port)
  return async () => {
    desk.close()
    await server?.then(
      ({ stop }) => stop(),
      () => undefined,
    )
  }
}
