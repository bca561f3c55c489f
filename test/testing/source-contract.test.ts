import { randomBytes } from "node:crypto"
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DeleteObjectCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { bytes, file, type SourceFile } from "../../src/index.ts"
import { s3 } from "../../src/s3.ts"
import { type ContractFile, sourceContract } from "../../src/testing.ts"
import { bucket, type S3Server, startS3Server } from "../sources/s3/s3-server.ts"

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server[Symbol.asyncDispose]())

describe("file", () => {
  const cases = sourceContract({
    async create(files) {
      const folder = await mkdtemp(join(tmpdir(), "rowgate-source-"))
      for (const { name, content } of files) await writeFile(join(folder, name), content)
      return {
        source: file(...files.map(({ name }) => join(folder, name))),
        async change(name, content) {
          if (content === undefined) return rm(join(folder, name))
          await writeFile(join(folder, "next"), content)
          await rename(join(folder, "next"), join(folder, name))
        },
        remove: () => rm(folder, { recursive: true }),
      }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("bytes", () => {
  const cases = sourceContract({ many: false, create: ([only]) => ({ source: bytes(only?.content ?? "") }) })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("s3", () => {
  const cases = sourceContract({
    async create(files) {
      const prefix = `${randomBytes(6).toString("hex")}/`
      for (const { name, content } of files) await server.put(prefix + name, Buffer.from(content))
      return {
        source: s3({ bucket, prefix, client: server.client }),
        async change(name, content) {
          const Key = prefix + name
          if (content !== undefined) await server.put(Key, Buffer.from(content))
          else await server.client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
        },
      }
    },
  })
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, { run }) => run())
})

describe("the contract", () => {
  test("finds a source that reads the current content, into one buffer, and ignores ranges", async () => {
    const names = await broken(
      (held): SourceFile => ({
        uri: `held:${held.name}`,
        size: held.content.length,
        async *stream() {
          const buffer = Buffer.alloc(1_000)
          for (let at = 0; at < held.content.length; at += 1_000) {
            const length = Math.min(1_000, held.content.length - at)
            buffer.set(held.content.subarray(at, at + length))
            yield buffer.subarray(0, length)
          }
        },
      }),
    )
    expect(names).toEqual([
      "returns any range of bytes, and no more than exist",
      "does not change a chunk that it has returned",
      "lists nothing for a run that is already aborted",
      "lists nothing more after the run is aborted",
      "reads a file as it was listed, or reports that it changed to 2000000 bytes",
      "reads a file as it was listed, or reports that it changed to 1000 bytes",
      "reads a file as it was listed, or reports that it is gone",
      "reads a file that changes during reading as it was, or reports the change",
    ])
  })
})

/** The names of the promises that a source of files in memory breaks. */
async function broken(open: (held: ContractFile) => SourceFile): Promise<readonly string[]> {
  const names: string[] = []
  const cases = sourceContract({
    create(files) {
      const held = files.map(({ name, content }) => ({ name, content }))
      return {
        source: {
          name: "held",
          async *files() {
            for (const each of held) yield open(each)
          },
        },
        async change(_name, content = new Uint8Array()) {
          for (const each of held) each.content = content
        },
      }
    },
  })
  for (const { name, run } of cases) await run().catch(() => names.push(name))
  return names
}
