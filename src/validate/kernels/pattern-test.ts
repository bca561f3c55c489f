import { TextTest } from "./text-test.ts"

/** Tests a regular expression. It always starts at the beginning, even if the expression has the flag g or y. */
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
