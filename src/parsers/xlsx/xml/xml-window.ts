import type { RowgateError } from "../../../errors/rowgate-error.ts"
import type { XlsxBounds } from "../xlsx-limits.ts"
import type { PartPlace } from "./xml-chunks.ts"
import { malformed, refusedDtd, xmlExceeded } from "./xml-errors.ts"

/** This many bytes after the last one are always zero, so reading a few bytes ahead needs no check. */
const padding = 64

/** The namespaces of transitional and strict workbook parts. */
const mainNamespaces: ReadonlySet<string> = new Set([
  "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
  "http://purl.oclc.org/ooxml/spreadsheetml/main",
])

/** Escapes make a text longer in XML, so a tag or cell may have this many times the bytes that its text may have. */
const escapeFactor = 4

/** An incomplete tag or cell longer than this is scanned again only when twice as many bytes have arrived. */
const rescanBytes = 64 * 1024

/**
 * The bytes of a large XML part that are being scanned, and the functions that the scanners of sheets and of shared strings have in common.
 *
 * When a scan reaches the end of the bytes, it returns to the beginning of the current element and waits for more.
 */
export class XmlWindow {
  bytes: Buffer = Buffer.alloc(padding)
  /** Index at which scanning continues. */
  at = 0
  /** Index after the last byte. */
  end = 0
  /** Length of the prefix of workbook elements with its colon; 0 if they have no prefix. */
  prefixLength = 0
  readonly #place: PartPlace
  readonly #bounds: XlsxBounds
  readonly #prefixes: Buffer[] = []
  #wanted = 0

  constructor(bounds: XlsxBounds, place: PartPlace) {
    this.#bounds = bounds
    this.#place = place
  }

  append(chunk: Buffer): void {
    const rest = this.end - this.at
    const limit = this.#bounds.cellBytes * escapeFactor
    if (rest > limit) throw xmlExceeded(this.#place, "bytes in one cell or tag", rest, this.#bounds.cellBytes, "cellBytes")
    const needed = rest + chunk.length + padding
    if (needed > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(needed, this.bytes.length * 2))
      this.bytes.copy(grown, 0, this.at, this.end)
      this.bytes = grown
    } else this.bytes.copyWithin(0, this.at, this.end)
    chunk.copy(this.bytes, rest)
    this.at = 0
    this.end = rest + chunk.length
    this.bytes.fill(0, this.end, this.end + padding)
  }

  /** Whether enough bytes have arrived to scan again. */
  get isReady(): boolean {
    return this.end - this.at >= this.#wanted
  }

  /** Records that the element at an index is incomplete. Scanning it again with each chunk would take quadratic time. */
  wait(at: number): void {
    this.at = at
    const there = this.end - at
    this.#wanted = there > rescanBytes ? there * 2 : 0
  }

  /** Records that no more bytes will come. */
  finish(): void {
    this.#wanted = 0
  }

  /** Index of the next "<", or -1. */
  nextTag(from: number): number {
    const bytes = this.bytes
    for (let at = from, end = this.end; at < end; at++) if (bytes[at] === 60) return at
    return -1
  }

  /** Index of the ">" that ends the tag at an index, or -1. A ">" within quotes does not count. */
  tagEnd(from: number): number {
    const bytes = this.bytes
    const end = this.end
    let quote = 0
    for (let at = from + 1; at < end; at++) {
      const byte = bytes[at]
      if (quote !== 0) {
        if (byte === quote) quote = 0
      } else if (byte === 62) return at
      else if (byte === 34 || byte === 39) quote = byte
    }
    if (end - from > this.#bounds.cellBytes * escapeFactor)
      throw xmlExceeded(this.#place, "bytes in one tag", end - from, this.#bounds.xmlTokenBytes, "xmlTokenBytes")
    return -1
  }

  /**
   * Index after the comment, instruction or CDATA section that begins at an index with "<!" or "<?", or -1 if it is not complete yet. Throws for
   * a document type.
   */
  skipMarkup(at: number): number {
    if (this.bytes[at + 1] === 63) return this.#after("?>", at + 2)
    if (this.end - at < 9) return this.#refuseUnlessBegun(at)
    if (this.bytes[at + 2] === 45 && this.bytes[at + 3] === 45) return this.#after("-->", at + 4)
    if (this.isCdata(at)) return this.#after("]]>", at + 9)
    throw refusedDtd(this.#place)
  }

  isCdata(at: number): boolean {
    return this.bytes[at + 2] === 91 && this.bytes.toString("latin1", at, at + 9) === "<![CDATA["
  }

  /** Returns -1 if the few bytes may be the beginning of a comment or CDATA section, and throws otherwise. */
  #refuseUnlessBegun(at: number): number {
    const begun = this.bytes.toString("latin1", at, this.end)
    if ("<![CDATA[".startsWith(begun) || "<!--".startsWith(begun.slice(0, 4))) return -1
    throw refusedDtd(this.#place)
  }

  #after(mark: string, from: number): number {
    const at = this.bytes.indexOf(mark, from)
    return at < 0 || at + mark.length > this.end ? -1 : at + mark.length
  }

  /** Index of the local name in the tag name at an index, or -1 if the element is in another namespace. */
  localName(at: number): number {
    const name = this.#afterPrefix(at)
    return name < 0 && this.#bindsPrefix(at) ? this.#afterPrefix(at) : name
  }

  #afterPrefix(at: number): number {
    for (const prefix of this.#prefixes) {
      if (prefix.length === 0 ? !this.#hasColon(at) : prefix.compare(this.bytes, at, at + prefix.length) === 0) return at + prefix.length
    }
    return -1
  }

  /** Adds the prefixes that a tag with an unknown prefix binds, since any element may bind some. Returns whether it binds any. */
  #bindsPrefix(at: number): boolean {
    const end = this.tagEnd(at)
    // Both namespaces contain this text. There may be millions of tags that bind only other namespaces; they are not parsed.
    if (end < 0 || !this.bytes.subarray(at, end).includes("/spreadsheetml/")) return false
    this.addPrefixes(at, end)
    return true
  }

  #hasColon(from: number): boolean {
    for (let at = from; ; at++) {
      const byte = this.bytes[at] as number
      if (byte === 58) return true
      if (byte <= 32 || byte === 62 || byte === 47) return false
    }
  }

  /** Whether the local name at an index is the given one. */
  isName(at: number, name: string): boolean {
    for (let i = 0; i < name.length; i++) if (this.bytes[at + i] !== name.charCodeAt(i)) return false
    const next = this.bytes[at + name.length] as number
    return next <= 32 || next === 62 || next === 47
  }

  /** Reads the root's tag: its own prefix, and the other prefixes that it binds to the same namespace. */
  openRoot(at: number, end: number): void {
    const tag = this.bytes.toString("latin1", at + 1, end)
    const name = /^[^\s/>]*/.exec(tag)?.[0] ?? ""
    this.#addPrefix(name.slice(0, name.indexOf(":") + 1))
    this.prefixLength = this.#prefixes[0]?.length ?? 0
    this.addPrefixes(at, end)
  }

  /** Adds the prefixes that a tag binds to the workbook's namespace. */
  addPrefixes(at: number, end: number): void {
    for (const [name, value] of this.attributes(at, end)) {
      if (!mainNamespaces.has(value)) continue
      if (name === "xmlns") this.#addPrefix("")
      else if (name.startsWith("xmlns:")) this.#addPrefix(`${name.slice(6)}:`)
    }
  }

  #addPrefix(prefix: string): void {
    const bytes = Buffer.from(prefix, "latin1")
    if (this.#prefixes.length < 16 && !this.#prefixes.some((known) => known.equals(bytes))) this.#prefixes.push(bytes)
  }

  /** The attributes of the tag from its "<" to its ">". Values are not decoded. */
  attributes(at: number, end: number): [name: string, value: string][] {
    const found: [string, string][] = []
    const tag = this.bytes.toString("utf8", at, end)
    let from = tag.search(/[\s]/)
    while (from >= 0 && from < tag.length) {
      const equals = tag.indexOf("=", from)
      if (equals < 0) break
      let start = equals + 1
      while (start < tag.length && tag.charCodeAt(start) <= 32) start++
      const quote = tag[start]
      const stop = quote === '"' || quote === "'" ? tag.indexOf(quote, start + 1) : -1
      if (stop < 0) throw malformed(this.#place, "has an attribute without quotes")
      found.push([tag.slice(from, equals).trim(), tag.slice(start + 1, stop)])
      if (found.length > this.#bounds.xmlAttributes) {
        throw xmlExceeded(this.#place, "attributes on one element", found.length, this.#bounds.xmlAttributes, "xmlAttributes")
      }
      from = stop + 1
    }
    return found
  }

  /** Throws if a closing tag does not match the open element `name`. Otherwise the following elements would seem to be inside it. */
  checkClosed(tag: number, name: string): void {
    const at = this.localName(tag + 2)
    if (at < 0 || !this.isName(at, name)) throw this.#misnested(tag, name)
  }

  /** Throws if a closing tag does not match an opening tag. */
  checkPair(opening: number, closing: number): void {
    const bytes = this.bytes
    let at = opening + 1
    let other = closing + 2
    while ((bytes[at] as number) > 32 && bytes[at] !== 62 && bytes[at] !== 47 && bytes[at] === bytes[other]) {
      at++
      other++
    }
    if (!this.isName(at, "") || !this.isName(other, "")) throw this.#misnested(closing, this.#nameAt(opening + 1))
  }

  #misnested(closing: number, name: string): RowgateError {
    return malformed(this.#place, `closes the element ${this.#nameAt(closing + 2)} while ${name} is open`)
  }

  #nameAt(at: number): string {
    return /^[^\s/>]*/.exec(this.bytes.toString("utf8", at, Math.min(at + 40, this.end)))?.[0] ?? ""
  }

  /** Throws for a depth beyond the limit. */
  checkDepth(depth: number): void {
    if (depth > this.#bounds.xmlDepth) throw xmlExceeded(this.#place, "levels of elements", depth, this.#bounds.xmlDepth, "xmlDepth")
  }
}
