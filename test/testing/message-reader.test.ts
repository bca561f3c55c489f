import { expect, test } from "vitest"
import { MessageReader } from "../../src/testing/crash/message-reader.ts"

const startup = Buffer.concat([uint32(8), uint32(80_877_103)])
const query = [
  message("P", "\0SELECT $1::int\0\0\0"),
  message("B", "\0\0"),
  message("D", "P\0"),
  message("E", "\0\0\0\0\0"),
  message("S", ""),
]
const simple = message("Q", "COPY t_0123456789ab FROM STDIN\0")
const data = message("d", "1\t2\n")

test("everything that a client sends without waiting is one message, however it is cut", () => {
  const all = Buffer.concat([startup, ...query, simple, data, ...query, message("X", "")])
  for (const piece of [1, 3, 7, all.length]) {
    const reader = new MessageReader()
    const messages = Array.from({ length: Math.ceil(all.length / piece) }, (_, at) =>
      reader.read(all.subarray(at * piece, (at + 1) * piece)),
    ).flat()
    expect(messages.map(({ label }) => label)).toEqual([
      "Startup",
      "SELECT $1::int",
      "COPY t_* FROM STDIN",
      "CopyData",
      "SELECT $1::int",
      "Terminate",
    ])
    expect(Buffer.concat(messages.map(({ raw }) => raw))).toEqual(all)
  }
})

test("a Sync alone, and a statement that was prepared before, have their own names", () => {
  const messages = new MessageReader().read(Buffer.concat([startup, message("S", ""), message("B", "\0s\0"), message("S", "")]))
  expect(messages.map(({ label }) => label)).toEqual(["Startup", "Sync", "Bind"])
})

function message(type: string, body: string): Buffer {
  return Buffer.concat([Buffer.from(type), uint32(4 + body.length), Buffer.from(body)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
