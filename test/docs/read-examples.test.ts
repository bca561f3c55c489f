import { expect, test } from "vitest"
import { exampleFault, readExamples } from "./read-examples.ts"

test("a block is read with its line, language and use", () => {
  const text = "# Title\n\n```ts run\nconsole.log(1) // => 1\n```\n\n- item\n  ```csv file=a.csv\n  x\n    y\n  ```\n"
  expect(readExamples("page.md", text)).toEqual([
    { page: "page.md", line: 4, language: "ts", code: "console.log(1) // => 1", use: "run", file: undefined, continues: false },
    { page: "page.md", line: 9, language: "csv", code: "x\n  y", use: "file", file: "a.csv", continues: false },
  ])
})

test("a block inside a longer fence is text", () => {
  expect(readExamples("page.md", "````md\n```ts\n```\n````\n").map(({ language, code }) => ({ language, code }))).toEqual([
    { language: "md", code: "```ts\n```" },
  ])
})

test("the examples of a source are those in its doc comments", () => {
  const source = "/**\n * Adds.\n *\n * ```ts run\n * console.log(1 + 1) // => 2\n * ```\n */\nexport const text = `\n```ts\n`\n"
  expect(readExamples("add.ts", source).map(({ line, code }) => ({ line, code }))).toEqual([
    { line: 5, code: "console.log(1 + 1) // => 2" },
  ])
})

test.each(["ts", "js", "sh", "bash", "ts title"])("a block of %s that no test would see is an error", (info) => {
  expect(readExamples("page.md", `\n\`\`\`${info}\nx\n\`\`\`\n`).map(exampleFault)).toEqual([expect.stringMatching(/^page\.md:3 shows/)])
})

test("commands may be left to the reader, code may not", () => {
  expect(readExamples("page.md", "```ts manual\nx\n```\n").map(exampleFault)).toEqual([expect.stringContaining("must be run")])
  expect(readExamples("page.md", "```sh manual\nnpm ci\n```\n").map(exampleFault)).toEqual([undefined])
})

test("a block that never ends is an error", () => {
  expect(() => readExamples("page.md", "```json\n{}\n")).toThrow("never ends")
})
