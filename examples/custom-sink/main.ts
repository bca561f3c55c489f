// Your own sink, in webhook.ts: it posts rows to a server when their delivery is committed.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { bytes, createPipeline } from "rowgate"
import { z } from "zod"
import { webhook } from "./webhook.ts"

const Reading = z.object({ sensor: z.string(), celsius: z.number() })

/** The server fails once, and then takes the rows. */
let calls = 0
const seen = new Set<unknown>()
const server = createServer(async (request, response) => {
  const body = (await request.toArray()).join("")
  seen.add(request.headers["idempotency-key"])
  const status = ++calls === 1 ? 503 : 200
  console.log(`call ${calls}: ${body} -> ${status}`)
  response.writeHead(status).end()
})
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))

const report = await createPipeline({ name: "readings" })
  .from(bytes("sensor,celsius\nroof,21.5\ncellar,cold\n"))
  .validate(Reading)
  .into(webhook<z.infer<typeof Reading>>(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  .run()
console.log(`${report.loaded} loaded, ${report.rejected} rejected, ${seen.size} delivery`)
server.close()
