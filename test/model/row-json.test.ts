import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { bytes, createPipeline, ndjsonFile } from "../../src/index.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { rowJson } from "../../src/model/row-json.ts"
import { TextStream } from "../cli/text-stream.ts"

test("a row as JSON has its columns in order, also if their names are numbers", () => {
  const columns = [columnOf(["x"]), columnOf([1]), columnOf([null]), columnOf([new Date(0)])]
  const names = ["b", "2020", "1999", "__proto__"]
  expect(rowJson({ names, columns, absent: new Set() }, 0)).toBe('{"b":"x","2020":1,"1999":null,"__proto__":"1970-01-01T00:00:00.000Z"}')
  expect(rowJson({ names, columns, absent: new Set(["1999"]) }, 0)).not.toContain("1999")
})

test("files of rows and rowgate read keep the order of year headers", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "rowgate-years-"))
  try {
    const text = "country,2020,2019,total\nde,1,2,3\n"
    await createPipeline({ name: "years" })
      .from(bytes(text, { name: "years.csv" }))
      .into(ndjsonFile(join(cwd, "years.ndjson")))
      .run()
    expect(await readFile(join(cwd, "years.ndjson"), "utf8")).toBe('{"country":"de","2020":"1","2019":"2","total":"3"}\n')
    const [stdout, stderr] = [new TextStream(), new TextStream()]
    await runCli(["read", "years.ndjson"], { stdout, stderr, env: {}, cwd })
    expect(stdout.text).toBe('{"table":"years.ndjson","row":1,"cells":{"country":"de","2020":"1","2019":"2","total":"3"}}\n')
  } finally {
    await rm(cwd, { recursive: true })
  }
})
