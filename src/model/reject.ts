import type { Row } from "./cell-value.ts"
import type { Issue } from "./issue.ts"
import type { Origin } from "./origin.ts"

/** A row that was set aside: its cells as they are in the file, and all reasons. */
export interface Reject {
  /** Where the row came from. */
  readonly origin: Origin
  /** The cells by the file's column names, or the text as `_raw` alone if the row could not be read into cells. */
  readonly raw: Row
  /** All reasons. */
  readonly issues: readonly Issue[]
}
