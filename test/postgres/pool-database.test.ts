import { once } from "node:events"
import { type AddressInfo, createServer } from "node:net"
import pg from "pg"
import { expect, onTestFinished, test } from "vitest"
import { poolDatabase } from "../../src/postgres/connection/pool-database.ts"

test("a connection that the server ends together with its greeting counts as broken, and the process survives", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined)
    socket.once("data", () => socket.end(Buffer.concat([authenticationOk, readyForQuery, terminated])))
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const pool = new pg.Pool({ host: "127.0.0.1", port, user: "nobody", database: "none", ssl: false })
  const loud: unknown[] = []
  const onUncaught = (error: unknown) => void loud.push(error)
  process.on("uncaughtException", onUncaught)
  onTestFinished(() => void process.off("uncaughtException", onUncaught))

  const connection = await poolDatabase(pool).connect()
  await expect(connection.query("SELECT 1")).rejects.toThrow()
  connection.release()
  await pool.end()
  expect(loud).toEqual([])
})

const authenticationOk = message("R", Buffer.alloc(4))
const readyForQuery = message("Z", Buffer.from("I"))
const terminated = message("E", Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"))

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(4 + body.length)
  return Buffer.concat([Buffer.from(type), length, body])
}
