import type { Row } from "./cell-value.ts"
import type { Issue } from "./issue.ts"
import type { Origin } from "./origin.ts"

/** A row that was set aside: its cells as they stood in the file, and every reason. */
export interface Reject {
  /** Where the row came from. */
  readonly origin: Origin
  /** Its cells by the file's column names; `_raw` alone, the text, where it could not be read into cells. */
  readonly raw: Row
  /** Every reason. */
  readonly issues: readonly Issue[]
}
