import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { createPipeline } from "../../../src/index.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { bucket } from "../../sources/s3/s3-server.ts"
import { execute } from "./execution.ts"
import { FaultWorld } from "./fault-world.ts"
import { orderFile } from "./order-file.ts"

const database = await ledgerDatabase()
const body = orderFile({ rows: 120, refused: -1 })
let world: FaultWorld
let key: string
beforeAll(async () => {
  world = await FaultWorld.create(database)
  await world.learn(body)
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await world.endProcesses()
  key = await world.begin(body)
})

interface Parsed {
  readonly manifest: string
}

async function change(key: string, to: (bytes: Buffer) => Buffer): Promise<void> {
  const chunks: Uint8Array[] = []
  for await (const chunk of world.processing.read(key)) chunks.push(chunk)
  await world.processing.write(key, [to(Buffer.concat(chunks))])
}

test("steps in another order fail with a typed error and write nothing", async () => {
  const { handlers } = world.start()
  const { manifest } = (await handlers.parser({ bucket, key })) as Parsed
  const before = await world.keys("processing")
  const inputs = [
    ["validator", { manifest, part: 0, round: 0 }],
    ["scorer", { manifest, part: 0, round: 0 }],
    ["scorer", { manifest, round: 0, merge: true }],
    ["loader", { manifest, round: 0, part: 0, step: "stage" }],
    ["loader", { manifest, round: 0, step: "load" }],
    ["normalizer", { manifest, part: 99 }],
  ] as const
  for (const [name, input] of inputs)
    await expect(handlers[name](input), `${name} ${JSON.stringify(input)}`).rejects.toMatchObject({
      name: expect.stringMatching(/^Rowgate\.(EVENT_INVALID|SOURCE_NOT_FOUND)$/),
    })
  expect(await world.keys("processing")).toEqual(before)
  expect((await world.state()).status).toBe("[]")
})

test("a manifest of a newer format, and one of a function with other rules, wait for the deployment", async () => {
  const { handlers } = world.start()
  const { manifest } = (await handlers.parser({ bucket, key })) as Parsed
  const others = world.start({}, () =>
    createPipeline({ name: "orders" }).into({ name: "none", delivery: "once", open: () => Promise.reject() }),
  )
  await expect(others.handlers.normalizer({ manifest, part: 0 })).rejects.toMatchObject({
    name: "Rowgate.Retryable",
    code: "DEPLOYMENT_MIXED",
  })
  await change(manifest.slice("s3://processing/".length), (bytes) => Buffer.from(bytes.toString().replace(/"format":\d+/, '"format":99')))
  await expect(handlers.normalizer({ manifest, part: 0 })).rejects.toMatchObject({ name: "Rowgate.Retryable", code: "DEPLOYMENT_MIXED" })
})

test("of two parsers at once, one claims the object, and the parts of the other are removed", async () => {
  const outputs = await Promise.all([1, 2, 3].map(() => world.start().handlers.parser({ bucket, key }) as Promise<Parsed>))
  expect(new Set(outputs.map((output) => JSON.stringify(output))).size).toBe(1)
  const writers = new Set(
    (await world.keys("processing")).map((each) => each.split("/")[3]).filter((name) => name !== "manifest.json" && name !== "plan.json"),
  )
  expect(writers.size).toBe(1)
})

test.each(["raw", "normalized", "validated"])(
  "a part whose bytes were damaged as %s fails with a typed error, and nothing is loaded",
  async (kind) => {
    let isDamaged = false
    const { status, errors } = await execute(
      world,
      { bucket, key },
      {
        async after() {
          if (isDamaged) return
          const part = (await world.keys("processing")).find((each) => each.endsWith(`.${kind}`))
          if (part === undefined) return
          isDamaged = true
          await change(part, (bytes) => {
            bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0xff, bytes.length >> 1)
            return bytes
          })
        },
      },
    )
    expect(isDamaged).toBe(true)
    expect(status).toBe("failed")
    expect(errors.at(-1)).toMatch(/Rowgate\.PART_/)
    expect((await world.state()).rows).toBe("[]")
  },
)
