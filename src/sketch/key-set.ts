const smallest = 1 << 10

/**
 * A set of hashed keys in one flat array: 12 bytes per slot, 16 to 32 bytes per key. It compares all 96 bits of a hash: two of a hundred million
 * keys collide in fewer than one of 10^12 sets.
 */
export class KeySet {
  #slots: Int32Array
  #capacity: number
  #size = 0

  /** `keys` is how many keys the set can hold before it grows. */
  constructor(keys = 0) {
    this.#capacity = Math.max(smallest, 2 ** Math.ceil(Math.log2((keys * 4) / 3 + 1)))
    this.#slots = new Int32Array(3 * this.#capacity)
  }

  /** How many keys are in the set. */
  get size(): number {
    return this.#size
  }

  /** Adds a key of three words. Returns false if it was there already. */
  add(a: number, b: number, c: number): boolean {
    if (this.#size * 4 >= this.#capacity * 3) this.#resize(this.#capacity * 2)
    // Zeros mark an empty slot, so the key of zeros is stored as another key.
    return this.#insert(a, b, (a | b | c) === 0 ? 1 : c)
  }

  /** Whether it has the key. */
  has(a: number, b: number, c: number): boolean {
    const slots = this.#slots
    const mask = this.#capacity - 1
    const last = (a | b | c) === 0 ? 1 : c
    for (let place = last & mask; ; place = (place + 1) & mask) {
      const at = place * 3
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === last) return true
      if (((slots[at] ?? 0) | (slots[at + 1] ?? 0) | (slots[at + 2] ?? 0)) === 0) return false
    }
  }

  /** Calls `visit` with each key, in no order. The key of zeros is visited as the key that stands for it. */
  forEach(visit: (a: number, b: number, c: number) => void): void {
    const slots = this.#slots
    for (let at = 0; at < slots.length; at += 3) {
      const a = slots[at] ?? 0
      const b = slots[at + 1] ?? 0
      const c = slots[at + 2] ?? 0
      if ((a | b | c) !== 0) visit(a, b, c)
    }
  }

  /** Removes all keys, and keeps the room for them. */
  clear(): void {
    this.#slots.fill(0)
    this.#size = 0
  }

  #insert(a: number, b: number, c: number): boolean {
    const slots = this.#slots
    const mask = this.#capacity - 1
    for (let place = c & mask; ; place = (place + 1) & mask) {
      const at = place * 3
      const first = slots[at] ?? 0
      const second = slots[at + 1] ?? 0
      const third = slots[at + 2] ?? 0
      if (first === a && second === b && third === c) return false
      if ((first | second | third) !== 0) continue
      slots[at] = a
      slots[at + 1] = b
      slots[at + 2] = c
      this.#size++
      return true
    }
  }

  #resize(capacity: number): void {
    const before = this.#slots
    this.#slots = new Int32Array(3 * capacity)
    this.#capacity = capacity
    this.#size = 0
    for (let at = 0; at < before.length; at += 3) {
      const a = before[at] ?? 0
      const b = before[at + 1] ?? 0
      const c = before[at + 2] ?? 0
      if ((a | b | c) !== 0) this.#insert(a, b, c)
    }
  }
}
