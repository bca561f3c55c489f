import { RowgateError } from "../../errors/rowgate-error.ts"
import { keyBuckets, keyWords } from "../../sketch/part-keys.ts"

/** Bytes that can be read in ranges. */
export interface StatesFile {
  readonly size: number
  /** Returns the bytes from `start` to before `end`. */
  read(start: number, end: number): Promise<Uint8Array>
}

/**
 * How a check shares what it remembers: as keys, as a state that its `merge` combines, or not at all, so that the file must stay in one part.
 */
export type StateForm = "keys" | "merged" | "unmergeable"

/** What a check leaves behind after the last row of a part. */
export interface SavedState {
  readonly bytes: Uint8Array
  /** For keys: how many rows the check has seen. */
  readonly rows?: number | undefined
  /** For keys: how many of them begin with each value of the first byte of their hash. */
  readonly buckets?: readonly number[] | undefined
}

/** What one check of a part has in a file. Checks of one name are told apart by the order in which they began. */
export interface StateEntry {
  readonly rule: string
  readonly nth: number
  readonly form: StateForm
}

/** Where the bytes of a check are, and what they hold. */
export interface StateSection extends StateEntry {
  readonly start: number
  readonly end: number
  readonly rows: number
  readonly buckets: readonly number[]
}

const magic = Buffer.from("rowgate states 1")
const headStart = magic.length + 4

/** Most heads are shorter. */
const firstRead = 16_384

/** The bytes of a file: a head of JSON that says what follows, and then the bytes of each check. */
export function encodeStates(entries: readonly (StateEntry & SavedState)[]): Uint8Array {
  const head = Buffer.from(
    JSON.stringify(entries.map(({ rule, nth, form, bytes, rows, buckets }) => ({ rule, nth, form, bytes: bytes.length, rows, buckets }))),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([magic, length, head, ...entries.map(({ bytes }) => bytes)])
}

/** Reads the head of a file. Throws `FILE_CORRUPT`, which names the file as `name`, if it is damaged or was written by another version. */
export async function openStates(file: StatesFile, name: string): Promise<readonly StateSection[]> {
  const first = await readExactly(file, name, 0, Math.min(file.size, firstRead))
  if (first.length < headStart || !magic.equals(first.subarray(0, magic.length))) throw damaged(name)
  const end = headStart + new DataView(first.buffer, first.byteOffset).getUint32(magic.length, true)
  const head = end <= first.length ? first.subarray(headStart, end) : await readExactly(file, name, headStart, end)
  const sections = sectionsOf(head, end)
  if (sections === undefined || (sections.at(-1)?.end ?? end) !== file.size) throw damaged(name)
  return sections
}

/** Reads bytes of a file. Throws `FILE_CORRUPT` if it has fewer. */
export async function readExactly(file: StatesFile, name: string, start: number, end: number): Promise<Uint8Array> {
  if (end > file.size) throw damaged(name)
  if (start === end) return new Uint8Array(0)
  const bytes = await file.read(start, end)
  if (bytes.length !== end - start) throw damaged(name)
  return bytes
}

function sectionsOf(head: Uint8Array, end: number): readonly StateSection[] | undefined {
  try {
    let start = end
    return (JSON.parse(Buffer.from(head).toString()) as readonly unknown[]).map((each) => {
      const { rule, nth, form, bytes, rows = 0, buckets = [] } = Object(each)
      const isKnown = form === "keys" || form === "merged" || form === "unmergeable"
      if (typeof rule !== "string" || !isKnown || ![nth, bytes, rows, ...buckets].every(isCount)) throw new TypeError("not a section")
      const entries = buckets.reduce((sum: number, count: number) => sum + count, 0)
      if (buckets.length > 0 && (buckets.length !== keyBuckets || entries * keyWords * 4 !== bytes)) throw new TypeError("not keys")
      start += bytes
      return { rule, nth, form, start: start - bytes, end: start, rows, buckets }
    })
  } catch {
    return undefined
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function damaged(name: string): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `The states of the checks of ${name} are damaged, or another version of rowgate wrote them.`,
    remedy: "Delete them and validate the part again.",
    origin: { uri: name },
  })
}
