import { createHash } from "node:crypto"
import { checkOptions } from "../../options/check-options.ts"
import { anyText, instant, needed, oneOf, text } from "../../options/option-kinds.ts"

/** How a delivery ended, as its folder in the archive says. */
export type ArchivedAs = "loaded" | "refused" | "duplicate" | "failed"

/** Options of `archiveKey`. */
export interface ArchiveKeyOptions {
  /** Put before the key, such as `archive/`. Default: none. */
  readonly prefix?: string | undefined
  /** How the delivery ended. */
  readonly outcome: ArchivedAs
  /** The pipeline's name. */
  readonly pipeline: string
  /** An instant of the delivery that never changes, such as its `asOf`. Its day in UTC is part of the key. */
  readonly at: Date
  /** The delivery's id. */
  readonly deliveryId: string
  /** The key of the object in its bucket. */
  readonly key: string
}

/** S3's limit for keys in UTF-8. */
const mostBytes = 1_024
/** Beside the object stand its rejects and its report, under its key and one of these endings. */
const longestEnding = ".rejects.ndjson".length

/**
 * The key of a delivered object in the archive: `<prefix><outcome>/<pipeline>/<yyyy>/<mm>/<dd>/<deliveryId>/<original key>`. It depends on the options
 * alone, so that every attempt to archive the object uses the same key.
 *
 * Segments of the original key that programs take for relative paths get a `~` in front: `.`, `..`, empty ones, and those that begin with `~`. Remove
 * it to get the original key back. If the key would be longer than the 1,024 bytes of S3, its beginning is replaced by a hash.
 */
export function archiveKey(options: ArchiveKeyOptions): string {
  checkOptions("archiveKey()", options, {
    prefix: anyText(),
    outcome: needed(oneOf("loaded", "refused", "duplicate", "failed")),
    pipeline: needed(text()),
    at: needed(instant()),
    deliveryId: needed(text()),
    key: needed(text()),
  })
  const { prefix = "", outcome, pipeline, at, deliveryId, key } = options
  const [day = ""] = at.toISOString().split("T")
  const folder = `${prefix}${outcome}/${encodeURIComponent(pipeline)}/${day.replaceAll("-", "/")}/${encodeURIComponent(deliveryId)}/`
  return folder + shortened(escaped(key), mostBytes - longestEnding - Buffer.byteLength(folder))
}

/** URLs take `%2E%2E` for `..`, too, so escaping with percent signs would not help. An object of a folder keeps the slash at its end. */
function escaped(key: string): string {
  return key.replace(/(?<=^|\/)(?=~|\/|\.{1,2}(?:\/|$))/g, "~")
}

/** Keeps the end of a text, which has the name of the file, and puts a hash of the whole before it. */
function shortened(text: string, mostBytes: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= mostBytes) return text
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32)
  let from = bytes.length - Math.max(0, mostBytes - hash.length - 1)
  // Not in the middle of a character.
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from++
  return `${hash}~${bytes.subarray(from).toString()}`
}
