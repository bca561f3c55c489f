import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { bucket, startS3Server } from "../sources/s3/s3-server.ts"

let cwd: string
let server: Server
let origin: string
const s3 = await startS3Server()

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-inputs-"))
  const files = {
    "in/b.csv": "id\n2\n",
    "in/a.csv": "id\n1\n",
    "in/deep/er/c.ndjson": '{"id":3}\n',
    "in/README.md": "# Notes\n",
    "in/.hidden.csv": "id\n9\n",
    "in/~$a.xlsx": "lock",
    "notes/plan.txt": "id\n7\n",
    "odd/[1].csv": "id\n8\n",
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(cwd, path, ".."), { recursive: true })
    await writeFile(join(cwd, path), text)
  }
  server = createServer((request, response) => {
    const isThere = request.url?.startsWith("/export/Orders%202025.csv") === true
    response.writeHead(isThere ? 200 : request.url === "/shut" ? 403 : 404).end(isThere ? "id\n4\n5\n" : "")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await s3.put("orders/one.csv", "id\n6\n")
  await s3.put("orders/two.csv", "id\n7\n")
})
afterAll(async () => {
  server.close()
  await s3[Symbol.asyncDispose]()
  await rm(cwd, { recursive: true })
})

async function rowgate(argv: readonly string[], stdin?: AsyncIterable<Uint8Array>) {
  const [out, err]: [string[], string[]] = [[], []]
  const streams = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: (text: string) => err.push(text) } }
  const code = await runCli(argv, { ...streams, stdin, env: {}, cwd })
  return { code, out: out.join(""), err: err.join("") }
}

/** The ids that a load wrote, in their order. */
async function ingest(operands: readonly string[], stdin?: AsyncIterable<Uint8Array>) {
  await rm(join(cwd, "out.ndjson"), { force: true })
  const ended = await rowgate(["ingest", ...operands, "--no-config", "--to", "out.ndjson"], stdin)
  const text = await readFile(join(cwd, "out.ndjson"), "utf8").catch(() => "")
  return { ...ended, ids: text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line).id])) }
}

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text)
}

const spooled = async () => (await readdir(tmpdir())).filter((name) => /^rowgate-\w{6}$/.test(name))

test("a folder stands for the files with tables in it and below it, and the others are named", async () => {
  const { code, ids, err } = await ingest(["in"])
  expect([code, ids]).toEqual([0, [1, 2, 3]])
  expect(err).toContain("1 other file of in is left out: README.md.\n")
})

test.each([
  ["in/*.csv", [1, 2]],
  ["in/?.csv", [1, 2]],
  ["in/**/*.ndjson", [3]],
  ["**/*.csv", [1, 2, 8]],
  ["*/plan.txt", [7]],
  ["odd/[1].csv", [8]],
])("the pattern %s finds its files in the order of their paths", async (pattern, found) => {
  expect(await ingest([pattern])).toMatchObject({ code: 0, ids: found })
})

test.each([
  [["in/*.tsv"], "No file matches in/*.tsv."],
  [["notes"], "contains no csv, json, ndjson, xlsx or parquet file"],
  [["-", "-"], "Standard input (-) can be read only once."],
  [["s3://"], "names no bucket"],
])("%j is refused before anything is loaded", async (operands, message) => {
  expect(await ingest(operands, chunks("id\n1\n"))).toMatchObject({ code: 2, err: expect.stringContaining(message), ids: [] })
})

test("- is standard input, which leaves no copy behind", async () => {
  const before = await spooled()
  const { code, ids, out } = await ingest(["-"], chunks("id\n1", "1\n12\n"))
  expect([code, ids]).toEqual([0, [11, 12]])
  expect(out).toContain("stdin -> ")
  expect((await rowgate(["read", "-"], chunks("id\n5\n"))).out).toBe('{"table":"stdin","row":2,"cells":{"id":"5"}}\n')
  expect(await spooled()).toEqual(before)
})

test("a URL is downloaded, gives the table its name, and is shown without its query", async () => {
  const { code, ids, out } = await ingest([`${origin}/export/Orders%202025.csv?signature=secret`])
  expect([code, ids]).toEqual([0, [4, 5]])
  expect(out).toContain("orders_2025 -> ")
  expect(out).not.toContain("secret")
})

test.each([
  ["/none.csv?signature=secret", "SOURCE_NOT_FOUND"],
  ["/shut", "SOURCE_UNREADABLE"],
])("the URL %s fails with %s", async (path, code) => {
  const { err, ids } = await ingest([`${origin}${path}`])
  expect([err, ids]).toEqual([expect.stringContaining(code), []])
  expect(err).not.toContain("secret")
})

test("an address that nobody answers is a coded error", async () => {
  expect(await ingest(["http://127.0.0.1:1/a.csv"])).toMatchObject({ code: 1, err: expect.stringContaining("SOURCE_UNREADABLE") })
})

test("s3:// names one object, or with a slash at its end all objects of a prefix", async () => {
  const variables = {
    AWS_ENDPOINT_URL: s3.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  }
  Object.assign(process.env, variables)
  try {
    expect(await ingest([`s3://${bucket}/orders/two.csv`])).toMatchObject({ code: 0, err: "", ids: [7] })
    expect(await ingest([`s3://${bucket}/orders/`])).toMatchObject({ code: 0, ids: [6, 7] })
    expect(await ingest([`s3://${bucket}/none/`])).toMatchObject({ code: 1, err: expect.stringContaining("SOURCE_NOT_FOUND") })
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name]
  }
})
