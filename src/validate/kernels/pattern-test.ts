import { TextTest } from "./text-test.ts"

/** A regular expression, from its start whatever its flags say of continuing. */
export class PatternTest extends TextTest {
  readonly #pattern: RegExp

  constructor(pattern: RegExp) {
    super()
    this.#pattern = new RegExp(pattern.source, pattern.flags.replace("g", ""))
  }

  override bytes(bytes: Buffer, start: number, end: number): boolean {
    return this.text(bytes.toString("utf8", start, end))
  }

  override text(text: string): boolean {
    this.#pattern.lastIndex = 0
    return this.#pattern.test(text)
  }
}
