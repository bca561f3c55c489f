import type { XlsxBounds } from "../xlsx-limits.ts"
import type { PartPlace } from "./xml-chunks.ts"
import { endsEarly, malformed, refusedDtd, xmlExceeded } from "./xml-errors.ts"
import { xmlText } from "./xml-text.ts"

/** An element whose opening tag was read. */
export interface XmlElement {
  /** Local name. */
  readonly name: string
  /** Number of elements around it; 0 for the root. */
  readonly depth: number
  readonly namespace: string
  /** An attribute by its local name. One without a prefix wins. */
  attribute(name: string): string | undefined
}

/** Receives the elements and texts of a part. Elements of other namespaces than the root's are left out, and so are their texts. */
export interface XmlListener {
  open(element: XmlElement): void
  close?(name: string): void
  text?(text: string): void
}

interface OpenElement {
  readonly qualified: string
  /** The local name; undefined if the namespace is not the root's. */
  readonly own: string | undefined
  /** The prefixes that the element binds to namespaces; undefined if it binds none. */
  readonly bound: readonly string[] | undefined
}

/**
 * Reads a small XML part. It resolves namespaces, replaces references, refuses any DTD and checks that elements nest. It does not check other
 * rules of XML, because programs that write workbooks break them.
 */
export class XmlReader {
  readonly #listener: XmlListener
  readonly #bounds: XlsxBounds
  readonly #place: PartPlace
  readonly #stack: OpenElement[] = []
  /** The namespaces that open elements bind each prefix to, the innermost last. */
  readonly #namespaces = new Map<string, string[]>()
  #rest: Buffer = Buffer.alloc(0)
  #rootNamespace: string | undefined
  #done = false

  constructor(listener: XmlListener, bounds: XlsxBounds, place: PartPlace) {
    this.#listener = listener
    this.#bounds = bounds
    this.#place = place
  }

  /** Reads the next chunk, in UTF-8. A chunk may end at any byte. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (at < bytes.length) {
      const next = this.#token(bytes, at)
      if (next < 0) break
      at = next
    }
    this.#rest = Buffer.from(bytes.subarray(at))
    if (this.#rest.length > this.#bounds.xmlTokenBytes) throw this.#exceeded("bytes in one tag or text", this.#rest.length, "xmlTokenBytes")
  }

  end(): void {
    if (!this.#done) throw endsEarly(this.#place)
  }

  /** Reads the tag or text at an index. Returns the index after it, or -1 if it is not complete yet. */
  #token(bytes: Buffer, at: number): number {
    if (bytes[at] !== 60) {
      const end = bytes.indexOf(60, at)
      if (end < 0) return this.#stack.length === 0 ? bytes.length : -1
      this.#text(xmlText(bytes.toString("utf8", at, end)))
      return end
    }
    const kind = bytes[at + 1]
    if (kind === undefined) return -1
    if (kind === 63) return after(bytes, "?>", at + 2)
    if (kind === 33) return this.#declaration(bytes, at)
    const end = tagEnd(bytes, at + 1)
    if (end < 0) return -1
    if (kind === 47) this.#close(bytes.toString("utf8", at + 2, end).trim())
    else this.#open(bytes.toString("utf8", at + 1, end))
    return end + 1
  }

  #declaration(bytes: Buffer, at: number): number {
    const head = bytes.toString("latin1", at, at + 9)
    if (head.startsWith("<!--")) return after(bytes, "-->", at + 4)
    if (head === "<![CDATA[") {
      const end = bytes.indexOf("]]>", at + 9)
      if (end < 0) return -1
      this.#text(bytes.toString("utf8", at + 9, end))
      return end + 3
    }
    if (head.length < 9 && ("<![CDATA[".startsWith(head) || "<!--".startsWith(head))) return -1
    throw refusedDtd(this.#place)
  }

  #open(tag: string): void {
    const selfClosing = tag.endsWith("/")
    const body = selfClosing ? tag.slice(0, -1) : tag
    const nameEnd = /[\s]/.exec(body)?.index ?? body.length
    const qualified = body.slice(0, nameEnd)
    const attributes = this.#attributes(body.slice(nameEnd))
    const bound = this.#bind(attributes)
    const colon = qualified.indexOf(":")
    const namespace = this.#namespaces.get(colon < 0 ? "" : qualified.slice(0, colon))?.at(-1) ?? ""
    if (this.#stack.length === 0) {
      if (this.#done) throw malformed(this.#place, "has a second root element")
      this.#rootNamespace = namespace
    }
    const own = namespace === this.#rootNamespace ? qualified.slice(colon + 1) : undefined
    if (this.#stack.length >= this.#bounds.xmlDepth) throw this.#exceeded("levels of elements", this.#stack.length + 1, "xmlDepth")
    const depth = this.#stack.length
    if (own !== undefined) this.#listener.open({ name: own, depth, namespace, attribute: (name) => find(attributes, name) })
    this.#stack.push({ qualified, own, bound })
    if (selfClosing) this.#close(qualified)
  }

  #close(qualified: string): void {
    const open = this.#stack.pop()
    if (open === undefined || open.qualified !== qualified)
      throw malformed(this.#place, `closes the element ${qualified.slice(0, 40)}, which is not the open one`)
    if (open.own !== undefined) this.#listener.close?.(open.own)
    for (const prefix of open.bound ?? []) this.#namespaces.get(prefix)?.pop()
    if (this.#stack.length === 0) this.#done = true
  }

  /** Adds the namespaces that an element declares, and returns their prefixes. */
  #bind(attributes: readonly [string, string][]): string[] | undefined {
    let bound: string[] | undefined
    for (const [name, value] of attributes) {
      if (name !== "xmlns" && !name.startsWith("xmlns:")) continue
      const prefix = name.slice(6)
      const namespaces = this.#namespaces.get(prefix)
      if (namespaces === undefined) this.#namespaces.set(prefix, [value])
      else namespaces.push(value)
      bound ??= []
      bound.push(prefix)
    }
    return bound
  }

  #text(text: string): void {
    if (this.#stack.at(-1)?.own !== undefined) this.#listener.text?.(text)
  }

  #attributes(text: string): [name: string, value: string][] {
    const found: [string, string][] = []
    // Parsed by hand: a regular expression would need quadratic time for a long run of letters.
    let at = 0
    while (at < text.length) {
      const equals = text.indexOf("=", at)
      if (equals < 0) break
      const name = text.slice(at, equals).trim()
      const start = skipSpace(text, equals + 1)
      const quote = text[start]
      if (quote !== '"' && quote !== "'") throw malformed(this.#place, `has an attribute ${name.slice(-40)} without quotes`)
      const end = text.indexOf(quote, start + 1)
      if (end < 0) throw malformed(this.#place, `has an attribute ${name.slice(-40)} without a closing quote`)
      found.push([name, text.slice(start + 1, end)])
      if (found.length > this.#bounds.xmlAttributes) throw this.#exceeded("attributes on one element", found.length, "xmlAttributes")
      at = end + 1
    }
    return found
  }

  #exceeded(unit: string, seen: number, option: "xmlDepth" | "xmlAttributes" | "xmlTokenBytes") {
    return xmlExceeded(this.#place, unit, seen, this.#bounds[option], option)
  }
}

function find(attributes: readonly [string, string][], name: string): string | undefined {
  const unprefixed = attributes.find(([qualified]) => qualified === name)
  const value = unprefixed ?? attributes.find(([qualified]) => qualified.endsWith(`:${name}`))
  return value === undefined ? undefined : xmlText(value[1])
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= 32) at++
  return at
}

function after(bytes: Buffer, end: string, from: number): number {
  const at = bytes.indexOf(end, from)
  return at < 0 ? -1 : at + end.length
}

/** Index of the ">" that ends a tag. A ">" within an attribute does not end it. */
function tagEnd(bytes: Buffer, from: number): number {
  let quote = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (quote !== 0) {
      if (byte === quote) quote = 0
    } else if (byte === 34 || byte === 39) quote = byte
    else if (byte === 62) return at
  }
  return -1
}
