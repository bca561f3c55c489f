import type { Row } from "./cell-value.ts"
import type { Issue } from "./issue.ts"
import type { Origin } from "./origin.ts"

/** A row that was set aside: its cells as they stood in the file, and every reason. */
export interface Reject {
  readonly origin: Origin
  readonly raw: Row
  readonly issues: readonly Issue[]
}
