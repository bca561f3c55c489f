import type { ZipArchive } from "../../files/zip/zip-archive.ts"
import type { ZipEntry } from "../../files/zip/zip-entry.ts"
import type { XlsxBounds } from "../xlsx-limits.ts"
import { xmlChunks } from "../xml/xml-chunks.ts"
import { xmlExceeded } from "../xml/xml-errors.ts"
import { type XmlListener, XmlReader } from "../xml/xml-reader.ts"
import { relationshipsName, targetName } from "./part-name.ts"
import { type Relationship, RelationshipsReader } from "./relationships.ts"

/** Reads small parts. */
export class PartReader {
  readonly #zip: ZipArchive
  readonly #bounds: XlsxBounds
  readonly #signal: AbortSignal | undefined

  constructor(zip: ZipArchive, bounds: XlsxBounds, signal: AbortSignal | undefined) {
    this.#zip = zip
    this.#bounds = bounds
    this.#signal = signal
  }

  async read<L extends XmlListener>(entry: ZipEntry | undefined, listener: L): Promise<L> {
    if (entry === undefined) return listener
    const place = { uri: this.#zip.uri, part: entry.name }
    const { partBytes } = this.#bounds
    if (entry.bytes > partBytes) throw xmlExceeded(place, "bytes", entry.bytes, partBytes, "partBytes")
    const reader = new XmlReader(listener, this.#bounds, place)
    for await (const chunk of xmlChunks(this.#zip.stream(entry, this.#signal), place)) reader.push(chunk)
    reader.end()
    return listener
  }

  /** The relationships of a part, or of the package itself for "". */
  async relationships(part: string): Promise<readonly Relationship[]> {
    const { found } = await this.read(this.#zip.find(relationshipsName(part)), new RelationshipsReader())
    const { relationships } = this.#bounds
    if (found.length > relationships) {
      const place = { uri: this.#zip.uri, part: relationshipsName(part) }
      throw xmlExceeded(place, "relationships", found.length, relationships, "relationships")
    }
    return found.map(({ id, type, target }) => ({ id, type, part: this.#partOf(part, target) }))
  }

  /** The part that a target names. It is relative to its source, but some programs omit the slash of a path from the root. */
  #partOf(source: string, target: string): string {
    const part = targetName(source, target)
    const fromRoot = targetName("", target)
    return this.#zip.find(part) === undefined && this.#zip.find(fromRoot) !== undefined ? fromRoot : part
  }
}
