import { expect, test } from "vitest"
import { Printer } from "../../src/cli/printer.ts"
import { sourceFiles } from "../structure/source-files.ts"
import { TextStream } from "./text-stream.ts"

test("each text is one line, whatever it holds", async () => {
  const stream = new TextStream()
  await new Printer(stream).lines(["a\nb\x1b[2J", "", "x".repeat(5000)])
  expect(stream.text).toBe(`a\\nb\\x1b[2J\n\n${"x".repeat(4000)}…\n`)
})

test("JSON holds no character that a terminal obeys, and keeps its value", async () => {
  const stream = new TextStream()
  const value = { "\x9b": "\x1b\n\u202e" }
  await new Printer(stream).ndjson([JSON.stringify(value), JSON.stringify(value)])
  await new Printer(stream).json(value, 2)
  expect(stream.text).toBe(`${'{"\\u009b":"\\u001b\\n\\u202e"}\n'.repeat(2)}{\n  "\\u009b": "\\u001b\\n\\u202e"\n}\n`)
})

test("a line takes the place of the status that is shown", async () => {
  const stream = new TextStream()
  const printer = new Printer(stream)
  printer.status("half\r\x1b[1A")
  expect(stream.text).toBe("\rhalf\\r\\x1b[1A")
  stream.text = ""
  await printer.lines(["done"])
  expect(stream.text).toBe(`\r${" ".repeat(13)}\rdone\n`)
})

test("nobody but the printer writes to the streams of the command", () => {
  const allowed = ["cli/printer.ts", "cli/output-stream.ts"]
  const sources = [...sourceFiles()].filter(([path]) => (path.startsWith("cli/") || path === "bin.ts") && !allowed.includes(path))
  expect(sources.length).toBeGreaterThan(30)
  const writing = /\bconsole\.|\bprocess\.(?!stdout\)|stderr, \{)(stdout|stderr)|\b(stdout|stderr|stream|out|err)\??\.write\b|CliStream/
  const around = sources.filter(([, text]) => writing.test(text)).map(([path]) => path)
  // The one names the type of what a caller gives, the other passes it on.
  expect(around).toEqual(["cli/cli-io.ts"])
})
