/**
 * A 96-bit hash of a key: three 32-bit lanes with different seeds and multipliers, mixed as in the finaliser of MurmurHash3. Not for secrets.
 * The result stays in the fields, so hashing allocates nothing.
 */
export class KeyHash {
  a = 0
  b = 0
  c = 0

  reset(): void {
    this.a = 0x9e3779b9 | 0
    this.b = 0x85ebca6b | 0
    this.c = 0xc2b2ae35 | 0
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    let { a, b, c } = this
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0
      a = Math.imul(a ^ byte, 0x01000193)
      b = Math.imul((b << 5) ^ (b >>> 27) ^ byte, 0x27d4eb2f)
      c = Math.imul(c + byte, 0x165667b1) ^ (c >>> 15)
    }
    this.a = a
    this.b = b
    this.c = c
    this.addWord(end - start)
  }

  addWord(word: number): void {
    this.a = Math.imul(this.a ^ word, 0xcc9e2d51) ^ (this.a >>> 13)
    this.b = Math.imul(this.b + word, 0x1b873593) ^ (this.b >>> 16)
    this.c = Math.imul(this.c ^ ((word << 15) | (word >>> 17)), 0x2545f491) ^ (this.c >>> 14)
  }

  finish(): void {
    this.a = avalanche(this.a ^ this.c)
    this.b = avalanche(this.b + this.a)
    this.c = avalanche(this.c + this.b)
  }
}

function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
