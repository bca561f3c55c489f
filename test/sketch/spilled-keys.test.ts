import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { expect, onTestFinished, test } from "vitest"
import { ScratchFile } from "../../src/files/scratch-file.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { DistinctKeys } from "../../src/sketch/distinct-keys.ts"

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "keys-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The rows that are repeated, over all batches. */
function repeated(keys: DistinctKeys, batches: readonly (readonly unknown[])[]): number[] {
  const found: number[] = []
  let before = 0
  for (const values of batches) {
    const start = before
    keys.add(
      [columnOf(values as never)],
      () => true,
      (row) => found.push(start + row),
    )
    before += values.length
  }
  return found
}

test("keys in a file are found like those in memory", () => {
  const path = folder()
  const value = fc.oneof(
    fc.integer({ min: 0, max: 40 }).map(String),
    fc.integer({ min: 0, max: 5 }),
    fc.constant("0"),
    fc.double({ noNaN: true }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.array(value, { minLength: 1, maxLength: 30 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 20 }),
      (batches, most) => {
        const spilling = new DistinctKeys({ openFile: () => new ScratchFile(path), most })
        const ours = repeated(spilling, batches)
        const plain = new DistinctKeys()
        expect(ours).toEqual(repeated(plain, batches))
        expect(spilling.size).toBe(plain.size)
        spilling.close()
      },
    ),
    { numRuns: 60 },
  )
})

test("many runs lose no key and invent none", () => {
  const keys = new DistinctKeys({ openFile: () => new ScratchFile(folder()), most: 3000 })
  const texts = Array.from({ length: 50_000 }, (_, at) => `key ${at}`)
  expect(repeated(keys, [texts.slice(0, 20_000), texts.slice(20_000)])).toEqual([])
  expect(repeated(keys, [texts.toReversed()])).toHaveLength(50_000)
  expect(repeated(keys, [texts.map((text) => `${text}!`)])).toEqual([])
  keys.close()
})

test.skipIf(process.platform === "win32")("the file has no name, so that a killed process leaves nothing behind", () => {
  const path = folder()
  const file = new ScratchFile(path)
  file.append(Buffer.from("abc"))
  expect(readdirSync(path)).toEqual([])
  const read = Buffer.alloc(2)
  file.read(read, 1)
  expect(read.toString()).toBe("bc")
  file.close()
  file.close()
})

test("a folder that cannot be used stops the delivery with a remedy", () => {
  const missing = join(tmpdir(), "no such folder")
  expect(existsSync(missing)).toBe(false)
  expect(() => new ScratchFile(missing)).toThrow(
    expect.objectContaining({
      code: "TEMP_FOLDER_UNUSABLE",
      message: expect.stringContaining("does not exist"),
      remedy: expect.stringContaining("TMPDIR"),
    }),
  )
})

test("integers that lie far apart go to the file as well", () => {
  const keys = new DistinctKeys({ openFile: () => new ScratchFile(folder()), most: 500 })
  const far = Array.from({ length: 3000 }, (_, at) => at * 1e9)
  expect(repeated(keys, [far.slice(0, 100), far.slice(100), far])).toEqual(Array.from({ length: 3000 }, (_, at) => 3000 + at))
  keys.close()
})
