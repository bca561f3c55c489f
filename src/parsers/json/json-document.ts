import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import type { ByteWindow } from "./byte-window.ts"
import { ElementReader } from "./element-reader.ts"
import { foundTable } from "./found-table.ts"
import { documentError, emptyError, keyedError } from "./json-errors.ts"
import { type JsonFault, unexpected } from "./json-fault.ts"
import type { JsonBounds } from "./json-limits.ts"
import { pointerText } from "./json-pointer.ts"
import { isSpace, JsonScanner } from "./json-scanner.ts"
import { stringAt } from "./json-value-at.ts"
import type { RecordReader } from "./record-reader.ts"

/** The most arrays that an error names. */
const mostExamples = 10
/** How many bytes of a document without a table are checked and searched for arrays. */
const searchBytes = 1 << 20

/** Reads a JSON document up to the array that is its table, and after the table to its end. */
export class JsonDocument {
  readonly #window: ByteWindow
  readonly #uri: string
  readonly #bounds: JsonBounds
  /** Skips values of any size and keeps nothing. */
  readonly #skipper: JsonScanner
  readonly #keys: JsonScanner
  #position = 0
  /** The members that lead to the table: their containers and keys. */
  readonly #entered: { readonly bracket: number; readonly key: string }[] = []
  #records: ElementReader | undefined
  /** The keys that lead to the table. */
  pointer: readonly string[] = []
  /** Where the table was found, if nobody named the place. */
  notice: TableNotice | undefined
  /** Whether values after the table are still to be searched for another one. */
  #mayBeSecond = false
  /** False while bytes that were skipped may have to be read again. */
  #mayDiscard = true

  constructor(window: ByteWindow, uri: string, bounds: JsonBounds) {
    this.#window = window
    this.#uri = uri
    this.#bounds = bounds
    this.#skipper = new JsonScanner({ maxDepth: bounds.depth, maxTextBytes: bounds.cellBytes, taped: false })
    this.#keys = new JsonScanner({ maxDepth: 1, maxTextBytes: bounds.cellBytes, taped: true })
  }

  /**
   * Moves to the table and returns a reader of its records. Without a pointer, the table is the document itself, or else the only one in it; `headers`
   * are those that the pipeline expects.
   */
  async enter(pointer: readonly string[] | undefined, headers?: ReadonlySet<string>): Promise<RecordReader> {
    if (pointer === undefined && (await this.#peek()) === 0x7b) return this.#sequence(headers)
    return this.#enterArray(pointer ?? [])
  }

  async #enterArray(pointer: readonly string[]): Promise<RecordReader> {
    for (const key of pointer) await this.#enterMember(key)
    const byte = await this.#peek()
    if (byte < 0 && pointer.length === 0) throw emptyError(this.#uri)
    if (byte === 0x7b && pointer.length === 0) return this.#sequence()
    if (byte !== 0x5b) throw await this.#noTable(byte, pointer)
    this.pointer = pointer
    this.#position++
    return this.#reader("array", pointer.length + 1)
  }

  /** The places of the arrays of objects, if the document is an object with more than one. */
  async arrays(): Promise<readonly (readonly string[])[]> {
    if ((await this.#peek()) !== 0x7b) return []
    const [scanner, isWhole] = await this.#scanObject(true)
    const found = foundTable(scanner.tape, this.#window.bytes)
    if (!isWhole || found.kind !== "several") return []
    this.#position = scanner.position
    // If another object follows, both are rows.
    return (await this.#peek()) < 0 ? found.pointers : []
  }

  /** Checks the text after the table. */
  async finish(): Promise<void> {
    if (this.#records !== undefined) this.#position = this.#records.end
    for (let member = this.#entered.pop(); member !== undefined; member = this.#entered.pop()) await this.#leave(member.bracket, member.key)
    if ((await this.#peek()) >= 0)
      throw this.#error(unexpected(this.#window.bytes, this.#position, this.#position + 1, "the end of the file"))
  }

  /** The error of an array whose first element is not a record, after the rest of the document was checked. */
  async noRecords(): Promise<RowgateError> {
    await this.#passRest()
    return new RowgateError({
      code: "TABLE_NOT_FOUND",
      message: "The array holds neither objects nor arrays, so it is not a table.",
      remedy: 'Set the option path of json to the array of rows, such as "/data/items".',
      origin: { uri: this.#uri },
    })
  }

  #reader(framing: "array" | "sequence", depth: number): ElementReader {
    const { depth: maxDepth, cellBytes, recordBytes, values } = this.#bounds
    const scanner = new JsonScanner({ maxDepth, outerDepth: depth, maxTextBytes: cellBytes, maxValues: values, taped: true })
    this.#records = new ElementReader(framing, this.#position, this.#window, scanner, this.#uri, recordBytes)
    return this.#records
  }

  /**
   * Reads objects that follow one another, as `jq` and `mongoexport` write them. A single object is a document around the table. Without `headers`, it
   * is not searched.
   */
  async #sequence(headers?: ReadonlySet<string>): Promise<RecordReader> {
    const start = this.#position
    const [scanner, isWhole] = await this.#scanObject(headers !== undefined)
    if (isWhole) {
      this.#position = scanner.position
      this.#mayDiscard = false
      const next = await this.#peek()
      this.#mayDiscard = true
      if (next >= 0 && next !== 0x7b) throw this.#unexpected(next, "the end of the file")
      this.#position = start
      if (next === 0x7b) return this.#reader("sequence", 0)
    }
    if (headers === undefined) throw await this.#noTable(0x7b, [])
    const found = foundTable(scanner.tape, this.#window.bytes, headers)
    if (found.kind === "row" && isWhole) return this.#reader("sequence", 0)
    if (found.kind === "several") throw this.#several(found.pointers)
    if (found.kind === "keyed") throw keyedError(found.pointer, this.#uri)
    if (found.kind !== "table") throw await this.#noTable(0x7b, [])
    this.notice = found.notice
    this.#mayBeSecond = !isWhole
    return this.#enterArray(found.pointer)
  }

  /** Scans the object at the position, if it fits the window. */
  async #scanObject(taped: boolean): Promise<readonly [scanner: JsonScanner, isWhole: boolean]> {
    const start = this.#position
    const { depth, cellBytes } = this.#bounds
    const scanner = new JsonScanner({ maxDepth: depth, maxTextBytes: cellBytes, taped })
    scanner.begin(start)
    // If the first object fits the window, it is read twice: first to see whether another one follows.
    for (;;) {
      const outcome = scanner.scan(this.#window.bytes, this.#window.end, this.#window.final)
      if (outcome === "fault" && scanner.fault !== undefined) throw this.#error(scanner.fault)
      if (outcome === "done") return [scanner, true]
      if (this.#window.end - start > this.#bounds.recordBytes) return [scanner, false]
      await this.#window.grow()
    }
  }

  async #enterMember(key: string): Promise<void> {
    const bracket = await this.#peek()
    if (bracket !== 0x7b && bracket !== 0x5b) throw await this.#noTable(bracket, [...this.#entered.map((each) => each.key), key])
    this.#position++
    for (let index = 0; ; index++) {
      const found = await this.#nextMember(bracket, index)
      if (found === undefined) throw this.#missing(key)
      if (found === key) break
      await this.#skip()
    }
    this.#entered.push({ bracket, key })
  }

  /** Skips the members after the current one. */
  async #leave(bracket: number, key: string): Promise<void> {
    for (let index = 1; ; index++) {
      const found = await this.#nextMember(bracket, index)
      if (found === undefined) return
      if (bracket === 0x7b && found === key)
        throw new RowgateError({
          code: "FILE_CORRUPT",
          message: `The key "${shownText(key)}" occurs twice in one object, so rowgate cannot tell which table to read.`,
          remedy: "Rename or remove one of the two keys.",
          origin: { uri: this.#uri, ...(this.#window.isFile ? { offset: this.#window.offset + this.#position } : {}) },
        })
      await this.#passMember([...this.#entered.map((each) => each.key), found])
    }
  }

  /** Skips a value after the table. A document that is too large to be searched before its table may hold another one here. */
  async #passMember(keys: readonly string[]): Promise<void> {
    if (!this.#mayBeSecond || keys.length > this.#bounds.depth) return this.#skip()
    if ((await this.#peek()) !== 0x7b) {
      if (await this.#isTable(0x7b)) throw this.#several([this.pointer, keys])
      return this.#skip()
    }
    this.#position++
    for (let index = 0; ; index++) {
      const key = await this.#nextMember(0x7b, index)
      if (key === undefined) return
      await this.#passMember([...keys, key])
    }
  }

  /** Moves to the value of the next member and returns its key or index; undefined at the end of the container. */
  async #nextMember(bracket: number, index: number): Promise<string | undefined> {
    const closing = bracket === 0x7b ? 0x7d : 0x5d
    let byte = await this.#peek()
    if (byte === closing) {
      this.#position++
      return undefined
    }
    if (index > 0) {
      if (byte !== 0x2c) throw this.#unexpected(byte, bracket === 0x7b ? 'a comma or "}"' : 'a comma or "]"')
      this.#position++
      byte = await this.#peek()
    }
    if (bracket === 0x5b) return `${index}`
    if (byte !== 0x22) throw this.#unexpected(byte, "a key in double quotes")
    await this.#pass(this.#keys)
    const key = stringAt(this.#keys.tape, 0, this.#window.bytes, () => {})
    this.#position = this.#keys.position
    const colon = await this.#peek()
    if (colon !== 0x3a) throw this.#unexpected(colon, "a colon")
    this.#position++
    return key
  }

  async #skip(): Promise<void> {
    await this.#pass(this.#skipper)
    this.#position = this.#skipper.position
  }

  /** Lets a scanner read the next value. Bytes are dropped between its tokens, so the value may be larger than memory. */
  async #pass(scanner: JsonScanner): Promise<void> {
    scanner.begin(this.#position)
    for (;;) {
      const { bytes, end, final } = this.#window
      const outcome = scanner.scan(bytes, end, final)
      if (outcome === "done") return
      if (outcome === "fault" && scanner.fault !== undefined) throw this.#error(scanner.fault)
      this.#window.discard(scanner.position)
      scanner.position = 0
      await this.#window.grow()
    }
  }

  /** The next byte that is not white space; -1 at the end of the file. */
  async #peek(): Promise<number> {
    for (;;) {
      const { bytes, end } = this.#window
      while (this.#position < end && isSpace(bytes[this.#position] ?? 0)) this.#position++
      if (this.#position < end) return bytes[this.#position] ?? -1
      if (this.#mayDiscard) {
        this.#window.discard(end)
        this.#position = 0
      }
      if (!(await this.#window.grow())) return -1
    }
  }

  /** The reason why there is no table: either the text is not JSON, or the value is not an array of rows. */
  async #noTable(byte: number, pointer: readonly string[]): Promise<RowgateError> {
    const tables = byte === 0x7b ? await this.#arraysBelow() : []
    if (byte !== 0x7b) await this.#passRest()
    const named = pointer.length === 0 ? "The document" : `"${shownText(pointerText(pointer))}"`
    const kind = byte === 0x7b ? "an object" : byte === 0x22 ? "a text" : byte === 0x5b ? "an array" : "a single value"
    const isRow = byte === 0x7b && pointer.length === 0 ? ", or read the object as one row with ndjson()" : ""
    const examples = tables
      .slice(0, mostExamples)
      .map((key) => `"${shownText(pointerText([...pointer, key]))}"`)
      .join(" or ")
    return new RowgateError({
      code: "TABLE_NOT_FOUND",
      message: `${named} is ${kind}, not an array of rows.`,
      remedy: `Set the option path of json to the JSON pointer of the array of rows${examples === "" ? "" : `, such as ${examples}`}${isRow}.`,
      origin: { uri: this.#uri },
    })
  }

  /** The keys of the next object that hold arrays, as far as the search goes. */
  async #arraysBelow(): Promise<string[]> {
    const arrays: string[] = []
    const tables: string[] = []
    const until = this.#window.offset + this.#position + searchBytes
    this.#position++
    for (let index = 0; this.#window.offset + this.#position < until; index++) {
      const key = await this.#nextMember(0x7b, index)
      if (key === undefined) break
      if ((await this.#peek()) === 0x5b) arrays.push(key)
      if (await this.#isTable(0x7b, 0x5b)) tables.push(key)
      await this.#skip()
    }
    return tables.length > 0 ? tables : arrays
  }

  /** Whether the next value is an array whose first element begins with one of these bytes. */
  async #isTable(...openings: readonly number[]): Promise<boolean> {
    if ((await this.#peek()) !== 0x5b) return false
    this.#mayDiscard = false
    const start = this.#position++
    const first = await this.#peek()
    this.#position = start
    this.#mayDiscard = true
    return openings.includes(first)
  }

  /** Checks the rest of a document without a table, so that invalid JSON is reported as such. */
  async #passRest(): Promise<void> {
    const until = this.#window.offset + this.#position + searchBytes
    if (this.#records === undefined) {
      await this.#skip()
      if (this.#entered.length === 0 && (await this.#peek()) >= 0) throw this.#unexpected(0, "the end of the file")
      return
    }
    while (this.#window.offset + this.#records.end < until) {
      const step = this.#records.next()
      if (step === "end") return this.finish()
      if (step === "more") await this.#window.grow()
      else {
        this.#window.discard(this.#records.end)
        this.#records.rebase(this.#records.end)
      }
    }
  }

  #several(pointers: readonly (readonly string[])[]): RowgateError {
    const named = [...new Set(pointers.map(pointerText))].slice(0, mostExamples).map((path) => `"${shownText(path)}"`)
    return new RowgateError({
      code: "TABLE_NOT_FOUND",
      message: `The document holds several arrays that may be the rows, so rowgate cannot tell which one is the table: ${named.join(", ")}.`,
      remedy: `Set the option path of json to the JSON pointer of the array of rows, such as ${named[0]}.`,
      origin: { uri: this.#uri },
    })
  }

  #missing(key: string): RowgateError {
    const path = [...this.#entered.map((each) => each.key), key].join("/")
    return new RowgateError({
      code: "TABLE_NOT_FOUND",
      message: `The document has nothing at the path "/${path}".`,
      remedy: "Set the option path to the JSON pointer of the array of rows.",
      origin: { uri: this.#uri },
    })
  }

  #unexpected(byte: number, wanted: string): RowgateError {
    const { bytes } = this.#window
    if (byte < 0) return this.#error({ kind: "truncated", message: "the text ends", at: this.#position })
    return this.#error(unexpected(bytes, this.#position, this.#position + 1, wanted))
  }

  #error(fault: JsonFault): RowgateError {
    return documentError(fault, this.#uri, this.#window)
  }
}
