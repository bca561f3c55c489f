import { deserialize, serialize } from "node:v8"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { isSameValue } from "./is-same-value.ts"

/** The bytes of a check's state. Throws `PIPELINE_INVALID` if the state would not come back from them as it is. */
export function encodeState(rule: string, state: unknown): Uint8Array {
  const bytes = serialized(state)
  if (bytes === undefined) throw notPlain(rule)
  return bytes
}

function serialized(state: unknown): Uint8Array | undefined {
  try {
    const bytes = serialize(state)
    // Instances of classes lose their methods and private fields without an error.
    return isSameValue(state, deserialize(bytes)) ? bytes : undefined
  } catch {
    // A function, or an object that contains itself.
    return undefined
  }
}

export function decodeState(bytes: Uint8Array): unknown {
  return deserialize(bytes)
}

/** The state of a part that has seen no row, and its state after the last row. */
export function joinStates(begun: Uint8Array, own: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(begun.length)
  return Buffer.concat([length, begun, own])
}

/** Takes joined states apart. */
export function splitStates(bytes: Uint8Array): { readonly begun: unknown; readonly own: unknown } {
  const ownStart = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return { begun: decodeState(bytes.subarray(4, ownStart)), own: decodeState(bytes.subarray(ownStart)) }
}

function notPlain(rule: string): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The state of the check ${rule} cannot be passed on to the next part of the file, because it does not consist of plain values.`,
    remedy:
      "Keep numbers, strings, dates, arrays, typed arrays, maps, sets and plain objects in the state, and everything else in the closure of the check.",
  })
}
