import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { setTimeout as wait } from "node:timers/promises"
import type { ByteRange, Source, SourceFile } from "../contract/source.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { checkOptions } from "../options/check-options.ts"
import { callback, flag, needed } from "../options/option-kinds.ts"
import type { ContractCase } from "./contract-case.ts"
import { contractContext } from "./contract-context.ts"
import { inTime } from "./in-time.ts"
import type { ContractFile, SourceContractOptions, SourceUnderTest } from "./source-contract-options.ts"

/**
 * The promises of every source, as cases that you can register with any test runner. Each case makes its own files with `create`.
 *
 * - Every file is listed, and the list is the same each time.
 * - The bytes can be read as a whole or by ranges, as often as requested, even at the same time.
 * - Size and hash are those of the bytes.
 * - A reader that stops early leaves nothing open.
 * - An aborted run gets no file.
 * - A file that changes after it was listed is read as it was or causes an error, and is never a mixture.
 */
export function sourceContract(options: SourceContractOptions): readonly ContractCase[] {
  checkOptions("sourceContract()", options, { create: needed(callback()), many: flag() })
  const { create, many = true } = options
  const on = async (files: readonly ContractFile[], work: (under: SourceUnderTest) => Promise<void>) => {
    const under = await create(files)
    try {
      await work(under)
    } finally {
      await under.remove?.()
    }
  }
  const onOne = (content: Uint8Array, work: (file: SourceFile, under: SourceUnderTest) => Promise<void>) =>
    on([{ name: "one.txt", content }], async (under) => work(onlyOne(await listed(under.source)), under))
  const files = ["one.txt", "two.txt", "three.txt"].slice(0, many ? 3 : 1).map((name, at) => ({ name, content: content(10 + at, at) }))
  return [
    {
      name: "lists every file with its own address, and the same files each time",
      run: () =>
        on(files, async ({ source }) => {
          const first = await listed(source)
          const again = await listed(source)
          assert.equal(new Set(first.map(({ uri }) => uri)).size, files.length, "not every file has its own address")
          assert.deepEqual(again.map(identity), first.map(identity))
          const contents = await Promise.all(first.map((file) => bytesOf(file)))
          const texts = (all: readonly Uint8Array[]) => all.map((each) => Buffer.from(each).toString("hex")).sort()
          assert.deepEqual(texts(contents), texts(files.map(({ content }) => content)))
        }),
    },
    ...[0, 1, 70_000, 3_000_000].map((length) => ({
      name: `returns all bytes of a file of ${length}, and reports no other size`,
      run: () =>
        onOne(content(length), async (file) => {
          assertSame(await bytesOf(file), content(length))
          if (file.size !== undefined) assert.equal(file.size, length)
        }),
    })),
    {
      name: "returns the bytes as often as requested, even at the same time",
      run: () =>
        onOne(content(1_500_000), async (file) => {
          if (file.once === true) return
          for (const bytes of await Promise.all([bytesOf(file), bytesOf(file), bytesOf(file)])) assertSame(bytes, content(1_500_000))
          assertSame(await bytesOf(file), content(1_500_000))
        }),
    },
    {
      name: "returns any range of bytes, and no more than exist",
      run: () =>
        onOne(content(200_000), async (file) => {
          const all = content(200_000)
          for (const [start, end] of ranges) {
            const wanted = all.subarray(start, end)
            assertSame(await bytesOf(file, end === undefined ? { start } : { start, end }), wanted)
            if (file.read !== undefined) assertSame(await file.read(start, end ?? all.length), wanted)
          }
        }),
    },
    {
      name: "does not change a chunk that it has returned",
      run: () =>
        onOne(content(2_000_000), async (file) => {
          const chunks: Uint8Array[] = []
          for await (const chunk of file.stream()) chunks.push(chunk)
          assertSame(Buffer.concat(chunks), content(2_000_000))
        }),
    },
    {
      name: "does not change a chunk until the next one is requested, if the reader allows reuse",
      run: () =>
        onOne(content(2_000_000), async (file) => {
          const chunks: Uint8Array[] = []
          for await (const chunk of file.stream(undefined, { reuse: true })) {
            // A source that fills the memory too early has done so by now.
            await wait(2)
            chunks.push(Uint8Array.from(chunk))
          }
          assertSame(Buffer.concat(chunks), content(2_000_000))
        }),
    },
    {
      name: "reports no other hash than that of the bytes",
      run: () =>
        onOne(content(100_000), async (file) => {
          if (file.sha256 === undefined) return
          const wanted = createHash("sha256").update(content(100_000)).digest("hex")
          assert.deepEqual([await file.sha256(), await file.sha256()], [wanted, wanted])
        }),
    },
    {
      name: "leaves nothing open for a reader that stops early",
      run: () =>
        onOne(content(1_000_000), async (file) => {
          if (file.once === true) return
          const stopEarly = async () => {
            for await (const _ of file.stream()) break
          }
          await inTime("a reader that stops early", stopEarly())
          const before = await openFiles()
          for (let reader = 0; reader < stoppingReaders; reader++) await inTime("a reader that stops early", stopEarly())
          const left = (await openFiles()) - before
          assert.ok(left < stoppingReaders / 2, `${left} files or sockets are open after ${stoppingReaders} readers that stopped early`)
          assertSame(await bytesOf(file), content(1_000_000))
        }),
    },
    {
      name: "lists nothing for a run that is already aborted",
      run: () =>
        on(files, async ({ source }) => {
          const found = await inTime(
            "a list for an aborted run",
            listed(source, AbortSignal.abort()).catch(() => []),
          )
          assert.equal(found.length, 0, "files are listed for an aborted run")
        }),
    },
    {
      name: "lists nothing more after the run is aborted",
      run: () =>
        on(files, async ({ source }) => {
          const abort = new AbortController()
          let found = 0
          const walk = async () => {
            for await (const _ of source.files(contractContext({ signal: abort.signal }))) {
              found++
              abort.abort()
            }
          }
          await inTime(
            "the end of an aborted list",
            walk().catch(() => undefined),
          )
          assert.equal(found, 1, "files are listed after the abort")
        }),
    },
    ...([content(2_000_000, 1), content(1_000, 1), undefined] as const).map((next) => ({
      name: `reads a file as it was listed, or reports that it ${next === undefined ? "is gone" : `changed to ${next.length} bytes`}`,
      run: () =>
        onOne(content(2_000_000), async (file, { change }) => {
          if (change === undefined) return
          await change("one.txt", next)
          await sameOrError(file, content(2_000_000))
        }),
    })),
    {
      name: "reads a file that changes during reading as it was, or reports the change",
      run: () =>
        onOne(content(3_000_000), async (file, { change }) => {
          if (change === undefined) return
          await sameOrError(file, content(3_000_000), () => change("one.txt", content(3_000_000, 1)))
        }),
    },
  ]
}

const stoppingReaders = 12

const ranges: readonly (readonly [number, number | undefined])[] = [
  [0, undefined],
  [0, 1],
  [0, 200_000],
  [1, 2],
  [70_000, 150_001],
  [199_999, undefined],
  [199_990, 999_999],
  [5, 5],
]

/** Bytes that differ for every position and seed. */
function content(length: number, seed = 0): Uint8Array {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at++) bytes[at] = (at ^ (at >> 8) ^ (at >> 16)) + seed
  return bytes
}

async function listed(source: Source, signal = new AbortController().signal): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = []
  for await (const file of source.files(contractContext({ signal }))) files.push(file)
  return files
}

function onlyOne(files: readonly SourceFile[]): SourceFile {
  const [file] = files
  if (file === undefined || files.length > 1) assert.fail(`${files.length} files are listed instead of 1`)
  return file
}

function identity({ uri, version, size }: SourceFile): object {
  return { uri, version, size }
}

/** Copies each chunk as it arrives. */
async function bytesOf(file: SourceFile, range?: ByteRange): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of range === undefined ? file.stream() : file.stream(range)) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

async function sameOrError(file: SourceFile, was: Uint8Array, afterFirst?: () => Promise<void>): Promise<void> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of file.stream()) {
      chunks.push(Uint8Array.from(chunk))
      if (chunks.length === 1) await afterFirst?.()
    }
  } catch (error) {
    assert.ok(error instanceof RowgateError, `the source throws something other than a RowgateError: ${String(error)}`)
    return
  }
  assert.ok(Buffer.concat(chunks).equals(was), "the bytes differ from those that were listed")
}

function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  assert.equal(actual.length, expected.length, "the number of bytes is wrong")
  assert.ok(Buffer.from(actual).equals(expected), "the bytes are wrong")
}

/** The open files and sockets of this process, if the system reports them. */
async function openFiles(): Promise<number> {
  return (await readdir("/proc/self/fd").catch(() => [])).length
}
