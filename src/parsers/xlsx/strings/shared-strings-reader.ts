import type { XlsxBounds } from "../xlsx-limits.ts"
import type { PartPlace } from "../xml/xml-chunks.ts"
import { endsEarly, xmlExceeded } from "../xml/xml-errors.ts"
import { XmlWindow } from "../xml/xml-window.ts"
import { copyCommonItems, itemsAtATime } from "./common-items.ts"
import { readRichText } from "./rich-text.ts"
import { SharedStrings } from "./shared-strings.ts"
import { cellCharacters, TextArena } from "./text-arena.ts"
import { TextFile } from "./text-file.ts"

/** Element names of an item. Betas of Excel 2007 wrote "sstItem". */
const itemNames = ["si", "sstItem"]

/** Once there is a temporary file, texts are moved to it in pieces of at least this size. */
const spillBytes = 1024 * 1024

/**
 * Reads the shared strings part. It ignores the counts that the part states, because several programs write wrong ones.
 */
export class SharedStringsReader {
  readonly #window: XmlWindow
  readonly #bounds: XlsxBounds
  readonly #place: PartPlace
  readonly #arena: TextArena
  /** The faults of each text, once one has faults. */
  #faults: Uint8Array | undefined
  #file: TextFile | undefined
  #offsets = new Uint32Array(1024)
  #count = 0
  #rootOpen = false
  #isCommon = true
  #done = false

  /** `partBytes` is the part's stated size. If it is true, the arena never has to grow. */
  constructor(bounds: XlsxBounds, place: PartPlace, partBytes: number) {
    this.#bounds = bounds
    this.#place = place
    this.#arena = new TextArena(Math.max(64 * 1024, Math.min(partBytes, bounds.sharedStringMemory)))
    this.#window = new XmlWindow(bounds, place)
  }

  push(chunk: Buffer): void {
    if (this.#done) return
    this.#window.append(chunk)
    this.#scan()
    this.#spill()
  }

  end(): SharedStrings {
    this.#window.finish()
    this.#scan()
    if (!this.#done) throw endsEarly(this.#place)
    if (this.#file === undefined) {
      const texts = this.#arena.bytes.subarray(0, this.#arena.length)
      return new SharedStrings(this.#count, this.#offsets, texts, this.#faults)
    }
    this.#file.append(this.#arena.take())
    return new SharedStrings(this.#count, this.#offsets, this.#file, this.#faults)
  }

  /** Deletes the temporary file after a failed read. */
  abandon(): void {
    this.#file?.close()
  }

  #scan(): void {
    const window = this.#window
    while (!this.#done && window.isReady) {
      if (this.#isCommon && this.#rootOpen && window.prefixLength === 0) this.#copyCommon()
      const tag = window.nextTag(window.at)
      if (tag < 0) {
        window.at = window.end
        return
      }
      const next = this.#element(tag)
      if (next < 0) {
        window.wait(tag)
        return
      }
      window.at = next
    }
  }

  #copyCommon(): void {
    const { cellBytes, sharedStrings } = this.#bounds
    // A text within `cellCharacters` bytes has no more than that many characters.
    const textBytes = Math.min(cellBytes, cellCharacters)
    this.#arena.reserve(this.#window.end - this.#window.at)
    let copied = 0
    do {
      this.#reserve(this.#count + itemsAtATime)
      const most = Math.min(itemsAtATime, sharedStrings - this.#count)
      copied = copyCommonItems(this.#window, this.#arena, this.#offsets, this.#count, most, textBytes)
      // If one text is not valid UTF-8, others probably are not either. The general path repairs them, so the fast path is not tried again.
      if (copied < 0) this.#isCommon = false
      else this.#count += copied
    } while (copied === itemsAtATime)
  }

  /** Reads the tag or item at a "<". Returns the index after it, or -1 if it is incomplete. */
  #element(tag: number): number {
    const window = this.#window
    const kind = window.bytes[tag + 1]
    if (kind === 33 || kind === 63) return window.skipMarkup(tag)
    const end = window.tagEnd(tag)
    if (end < 0) return -1
    const closed = window.bytes[end - 1] === 47
    if (!this.#rootOpen) {
      window.openRoot(tag, end)
      this.#rootOpen = true
      this.#done = closed
      return end + 1
    }
    const name = window.localName(kind === 47 ? tag + 2 : tag + 1)
    if (kind === 47) {
      if (name >= 0 && window.isName(name, "sst")) this.#done = true
      return end + 1
    }
    const item = name < 0 ? undefined : itemNames.find((each) => window.isName(name, each))
    if (item === undefined) return end + 1
    this.#arena.begin()
    const after = closed ? end + 1 : readRichText(window, end + 1, item, this.#arena)
    if (after < 0) this.#arena.cancel()
    else this.#add()
    return after
  }

  #add(): void {
    const { cellBytes, sharedStrings } = this.#bounds
    const faults = this.#arena.finish()
    if (this.#arena.pending > cellBytes) throw xmlExceeded(this.#place, "bytes in one text", this.#arena.pending, cellBytes, "cellBytes")
    if (faults !== 0) this.#addFault(faults)
    this.#count++
    if (this.#count > sharedStrings) throw xmlExceeded(this.#place, "shared strings", this.#count, sharedStrings, "sharedStrings")
    this.#reserve(this.#count)
    this.#offsets[this.#count] = (this.#file?.length ?? 0) + this.#arena.length
  }

  /** Makes room for an offset. */
  #reserve(index: number): void {
    if (index < this.#offsets.length) return
    const grown = new Uint32Array(this.#offsets.length * 2)
    grown.set(this.#offsets)
    this.#offsets = grown
  }

  #addFault(faults: number): void {
    if (this.#faults === undefined || this.#faults.length <= this.#count) {
      const grown = new Uint8Array(Math.max(1024, this.#count * 2))
      grown.set(this.#faults ?? [])
      this.#faults = grown
    }
    this.#faults[this.#count] = faults
  }

  #spill(): void {
    if (this.#file === undefined && this.#arena.length <= this.#bounds.sharedStringMemory) return
    this.#file ??= new TextFile()
    if (this.#arena.length >= spillBytes) this.#file.append(this.#arena.take())
  }
}
