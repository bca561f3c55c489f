import { KeyHash } from "../../src/sketch/key-hash.ts"

/** The hash of a number, as a sketch gets it. */
export function hashOf(value: number): readonly [a: number, b: number, c: number] {
  const hash = new KeyHash()
  hash.reset()
  const bytes = Buffer.from(String(value))
  hash.addBytes(bytes, 0, bytes.length)
  hash.finish()
  return [hash.a, hash.b, hash.c]
}
