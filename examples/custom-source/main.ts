// Your own source, in http.ts: files behind URLs, read in ranges and pinned to a version.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createPipeline, RowgateError } from "rowgate"
import { http } from "./http.ts"

let content = '{"city": "Riga", "people": 605000}\n{"city": "Oslo", "people": 717000}\n'
const server = createServer((request, response) => {
  const etag = `"${content.length}"`
  if (request.url !== "/cities.ndjson") response.writeHead(404).end()
  else if (![undefined, etag].includes(request.headers["if-match"])) response.writeHead(412).end()
  else response.writeHead(200, { etag, "content-length": content.length }).end(request.method === "HEAD" ? undefined : content)
})
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const cities = createPipeline({ name: "cities" }).from(http(`${base}/cities.ndjson`))
for await (const city of cities.rows()) console.log(city)

/** A file that changes before it is read. */
const changing = http(`${base}/cities.ndjson`)
const source: typeof changing = {
  name: changing.name,
  async *files(context) {
    for await (const file of changing.files(context)) {
      content = `${content}{"city": "Bern", "people": 134000}\n`
      yield file
    }
  },
}
for (const from of [source, http(`${base}/towns.ndjson`)])
  try {
    for await (const city of createPipeline({ name: "cities" }).from(from).rows()) console.log(city)
  } catch (error) {
    console.log(error instanceof RowgateError && error.code)
  }

server.close()
