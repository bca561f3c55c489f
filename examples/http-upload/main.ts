// A server that takes csv files and answers which rows were loaded, and why the others were not.
import { createWriteStream } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pipeline as pump } from "node:stream/promises"
import { PGlite } from "@electric-sql/pglite"
import { createPipeline, file, memory, type Reject } from "rowgate"
import { pglite } from "rowgate/pglite"
import { z } from "zod"

const mostBytes = 10_000_000
const db = new PGlite()
const folder = await mkdtemp(join(tmpdir(), "uploads-"))

/** Loads an upload. The body goes to a file first, so that a large one needs no memory and a broken one loads nothing. */
async function load(body: IncomingMessage, name: string) {
  // Node reads no more than the length that the sender states. Without one, the upload is refused.
  const size = Number(body.headers["content-length"] ?? Number.POSITIVE_INFINITY)
  if (size > mostBytes) return { status: 413, answer: { error: "The file is too large." } }
  const path = join(folder, `${crypto.randomUUID()}.upload`)
  const rejects = memory<Reject>()
  try {
    await pump(body, createWriteStream(path))
    const report = await createPipeline({ name: "orders" })
      .from(file(path, { name }))
      .validate(z.object({ orderNo: z.number().int(), email: z.email() }))
      .into(pglite({ db, table: "orders", createTable: true }))
      .rejectsInto(rejects)
      .run()
    const { outcome, loaded, rejected } = report.deliveries[0] ?? {}
    const reasons = rejects.rows.map(({ origin, issues }) => ({ line: origin.line, reasons: issues.map(({ message }) => message) }))
    return { status: outcome === "refused" ? 422 : 200, answer: { outcome, loaded, rejected, reasons } }
  } finally {
    await rm(path, { force: true })
  }
}

const server = createServer(async (request, response) => {
  const name = String(request.headers["x-file-name"] ?? "upload.csv")
  const { status, answer } = await load(request, name)
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer))
})
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`

const csv = "orderNo,email\n1,ann@example.com\n2,bob\n"
for (const [name, body] of [
  ["orders.csv", csv],
  ["the same again.csv", csv],
] as const) {
  const response = await fetch(url, { method: "POST", headers: { "x-file-name": name }, body })
  console.log(name, response.status, await response.text())
}

server.close()
await db.close()
await rm(folder, { recursive: true })
