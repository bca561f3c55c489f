/** One message of a PostgreSQL client, as bytes. */
export interface RawMessage {
  /** The statement, or the message's type: `CopyData`, `CopyDone`, `Terminate` and so on. */
  readonly label: string
  readonly raw: Buffer
}

const types: { readonly [byte: string]: string } = {
  B: "Bind",
  C: "Close",
  D: "Describe",
  E: "Execute",
  H: "Flush",
  S: "Sync",
  X: "Terminate",
  c: "CopyDone",
  d: "CopyData",
  f: "CopyFail",
  p: "Password",
}

/** Parse, Bind, Describe, Execute and Close. The server answers none of them before a Sync or Flush. */
const extended = /^[PBDEC]$/
const asksForAnswers = /^[SH]$/

/**
 * Splits what a client sends (frontend/backend protocol, version 3) into messages. The first message of a connection has no type. The messages
 * of an extended query up to the Sync count as one, because nothing happens between them.
 */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0)
  #begun = false
  #query: { readonly label: string; readonly parts: Buffer[] } | undefined

  /** Returns the messages that are complete with these bytes. */
  read(bytes: Buffer): readonly RawMessage[] {
    const messages: RawMessage[] = []
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    for (;;) {
      const at = this.#begun ? 1 : 0
      if (this.#rest.length < at + 4) return messages
      const length = at + this.#rest.readUInt32BE(at)
      if (this.#rest.length < length) return messages
      const raw = this.#rest.subarray(0, length)
      this.#rest = this.#rest.subarray(length)
      const message = this.#begun ? this.#gather(raw) : { label: "Startup", raw }
      if (message !== undefined) messages.push(message)
      this.#begun = true
    }
  }

  #gather(raw: Buffer): RawMessage | undefined {
    const type = String.fromCharCode(raw[0] ?? 0)
    if (extended.test(type)) {
      this.#query ??= { label: labelOf(raw), parts: [] }
      this.#query.parts.push(raw)
      return undefined
    }
    if (this.#query === undefined || !asksForAnswers.test(type)) return { label: labelOf(raw), raw }
    const { label, parts } = this.#query
    this.#query = undefined
    return { label, raw: Buffer.concat([...parts, raw]) }
  }
}

function labelOf(raw: Buffer): string {
  const type = String.fromCharCode(raw[0] ?? 0)
  if (type === "Q") return statement(raw.toString("utf8", 5, raw.length - 1))
  if (type === "P") return statement(raw.toString("utf8", raw.indexOf(0, 5) + 1).split("\0")[0] ?? "")
  return types[type] ?? type
}

/** Names that were generated for one trial differ from trial to trial, mostly in their hexadecimal digits. */
function statement(sql: string): string {
  return sql
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[0-9a-f]{8,}/g, "*")
    .slice(0, 80)
}
