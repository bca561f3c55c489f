import { expect, test } from "vitest"
import { z } from "zod"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { bytes } from "../../src/sources/bytes.ts"

const schema = z.object({ code: z.string(), place: z.string() })

async function load(text: string, headers?: { readonly code: string; readonly place: string }) {
  const start = createPipeline({ name: "places" }).from(bytes(text, { name: "places.csv" }))
  const rows: unknown[] = []
  const pipeline = headers === undefined ? start.validate(schema) : start.normalize({ headers }).validate(schema)
  for await (const batch of pipeline.batches()) for (const row of batch.rows) rows.push({ ...row })
  return rows
}

const expected = [
  { code: "AB-1", place: "Oslo" },
  { code: "CD-2", place: "Rome" },
]

test("names that the schema has tell which record is the header, below titles that look like one", async () => {
  expect(await load("List,Draft\nOwner,Ann\nCode,Place\nAB-1,Oslo\nCD-2,Rome\n")).toEqual(expected)
})

test("aliases do so too", async () => {
  const headers = { code: "Ref A", place: "Town" }
  expect(await load("List,Draft\nOwner,Ann\nRef A,Town\nAB-1,Oslo\nCD-2,Rome\n", headers)).toEqual(expected)
  expect(await load("Ref A=Town\nAB-1=Oslo\nCD-2=Rome\n", headers)).toEqual(expected)
})

test("names that the schema has tell which delimiter separates the columns", async () => {
  expect(await load("code place\nAB-1 Oslo\nCD-2 Rome\n")).toEqual(expected)
  expect(await load("code=place\nAB-1=Oslo\nCD-2=Rome\n")).toEqual(expected)
})
