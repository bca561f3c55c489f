import { quoted } from "../cells/readers/quoted.ts"
import { type TextFault, TextMapReader } from "../cells/readers/text-map-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { fullList, kind } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.url`. */
export interface UrlOptions {
  /** The protocols that an address may have, without the colon. Default: http and https. */
  readonly protocols?: readonly string[] | undefined
  /** The protocol of addresses without one: `"https"` reads `example.com` as `https://example.com/`. Default: none, so that they fail. */
  readonly defaultProtocol?: string | undefined
}

/** A longer text is no address that a browser opens. */
const longestUrl = 65_536
/** A host name with a dot, as people write an address without a protocol. */
const bareAddress = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*\.)+\p{L}{2,}(?:[:/?#]|$)/u

/**
 * Reads web addresses by the URL standard and returns them as browsers write them: the host in lower case, without a default port, other characters
 * encoded. Any other text fails its row (`url.unreadable`).
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "HTTPS://Example.com:443/a b" }]).normalize({ columns: { value: cell.url() } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => https://example.com/a%20b
 * ```
 */
export function url(options: UrlOptions = {}): Normalizer<string | null> {
  checkOptions("cell.url()", options, { protocols: fullList(protocol()), defaultProtocol: protocol() })
  const { protocols = ["http", "https"], defaultProtocol } = options
  const allowed = new Set(protocols.map((name) => `${name.toLowerCase()}:`))
  const address = (text: string): URL | undefined => (text.length <= longestUrl ? (parsed(text) ?? undefined) : undefined)
  const reader = new TextMapReader((text) => {
    const full = defaultProtocol !== undefined && isBare(text) ? address(`${defaultProtocol}://${text}`) : address(text)
    if (full === undefined)
      return fault(text, isBare(text) ? 'Declare the protocol, as in cell.url({ defaultProtocol: "https" }).' : undefined)
    if (allowed.has(full.protocol)) return full.href
    // `C:/data` and `javascript:...` have a protocol, but no host.
    if (full.host === "") return fault(text, undefined)
    const name = full.protocol.slice(0, -1)
    return fault(text, `If the column may have this protocol, declare it, as in cell.url({ protocols: [${quoted(name)}] }).`)
  })
  return columnNormalizer<string>("url", "text", reader, { kind: "text" })
}

function isBare(text: string): boolean {
  return text.length <= longestUrl && bareAddress.test(text)
}

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function fault(text: string, suggestion: string | undefined): TextFault {
  return { code: "url.unreadable", message: `${quoted(text)} is not a web address.`, suggestion }
}

function protocol() {
  return kind<string>('a protocol, such as "https"', (value) => typeof value === "string" && /^[a-z][a-z0-9+.-]*$/i.test(value))
}
