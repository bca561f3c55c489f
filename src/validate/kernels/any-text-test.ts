import { TextTest } from "./text-test.ts"

/** Any text, and nothing else. */
export class AnyTextTest extends TextTest {
  override bytes(): boolean {
    return true
  }

  override text(): boolean {
    return true
  }
}
