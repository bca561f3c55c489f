import { ByteSet } from "../../cells/byte-set.ts"
import { TextTest } from "./text-test.ts"

/** Accepts one of several texts. */
export class ListTest extends TextTest {
  readonly #bytes: ByteSet
  readonly #texts: ReadonlySet<string>

  constructor(texts: readonly string[]) {
    super()
    this.#bytes = new ByteSet(texts)
    this.#texts = new Set(texts)
  }

  override bytes(bytes: Buffer, start: number, end: number): boolean {
    return this.#bytes.indexOf(bytes, start, end) >= 0
  }

  override text(text: string): boolean {
    return this.#texts.has(text)
  }
}
