/** One message of a PostgreSQL client, as bytes. */
export interface RawMessage {
  /** The statement for `Query` and `Parse`, else the message's type: `CopyData`, `CopyDone`, `Sync` ... */
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

/** Takes what a client says (frontend/backend protocol, version 3) apart into messages. The first of a connection has no type. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0)
  #begun = false

  /** The messages that are complete with these bytes. */
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
      messages.push({ label: this.#begun ? labelOf(raw) : "Startup", raw })
      this.#begun = true
    }
  }
}

function labelOf(raw: Buffer): string {
  const type = String.fromCharCode(raw[0] ?? 0)
  if (type === "Q") return statement(raw.toString("utf8", 5, raw.length - 1))
  if (type === "P") return statement(raw.toString("utf8", raw.indexOf(0, 5) + 1).split("\0")[0] ?? "")
  return types[type] ?? type
}

/** Names that were made up for one trial differ from one to the next, in what mostly are their hexadecimal digits. */
function statement(sql: string): string {
  return sql
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[0-9a-f]{8,}/g, "*")
    .slice(0, 80)
}
