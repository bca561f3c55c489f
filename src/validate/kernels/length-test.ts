import { TextTest } from "./text-test.ts"

/** Length in UTF-16 code units, as `string.length` counts. A UTF-8 text of n bytes has between n/3 and n of them. */
export class LengthTest extends TextTest {
  readonly #minimum: number
  readonly #maximum: number

  constructor(minimum: number, maximum: number) {
    super()
    this.#minimum = minimum
    this.#maximum = maximum
  }

  override bytes(bytes: Buffer, start: number, end: number): boolean {
    const size = end - start
    if (size <= this.#maximum && Math.ceil(size / 3) >= this.#minimum) return true
    return this.text(bytes.toString("utf8", start, end))
  }

  override text(text: string): boolean {
    return text.length >= this.#minimum && text.length <= this.#maximum
  }
}
