import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { TextTest } from "./text-test.ts"

/** Accepts any text, and nothing else. */
export class AnyTextTest extends TextTest {
  /** A column of bytes holds only text. */
  override doubt(column: Column<unknown>, doubts: Uint8Array): void {
    if (!(column instanceof BytesColumn)) super.doubt(column, doubts)
  }

  override bytes(): boolean {
    return true
  }

  override text(): boolean {
    return true
  }
}
