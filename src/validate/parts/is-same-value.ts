import { instantOf } from "../../model/fine-instant.ts"

/**
 * Whether two plain values are equal, with the order of maps, sets and properties. An instance of a class equals only itself. The serialized bytes
 * of equal values may differ, because the engine stores a number in more than one way.
 */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (!isObject(one) || !isObject(other)) return false
  if (isPlain(one)) return isPlain(other) && isSameList(Object.entries(one), Object.entries(other))
  if (prototypeOf(one) !== prototypeOf(other)) return false
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && isSameList(one, other)
  if (one instanceof Date) return other instanceof Date && Object.is(instantOf(one), instantOf(other))
  if (one instanceof Map) return other instanceof Map && one.size === other.size && isSameList(one, other)
  if (one instanceof Set) return other instanceof Set && one.size === other.size && isSameList(one, other)
  return ArrayBuffer.isView(one) && ArrayBuffer.isView(other) && isSameBytes(one, other)
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null
}

function isSameList(one: Iterable<unknown>, other: Iterable<unknown>): boolean {
  const others = other[Symbol.iterator]()
  for (const value of one) {
    const next = others.next()
    if (next.done === true || !isSameValue(value, next.value)) return false
  }
  return others.next().done === true
}

function isSameBytes(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const [bytes, others] = [one, other].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
  return bytes !== undefined && others !== undefined && bytes.equals(others)
}

function isPlain(value: object): boolean {
  const prototype = prototypeOf(value)
  return prototype === null || prototypeOf(prototype) === null
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value)
}
