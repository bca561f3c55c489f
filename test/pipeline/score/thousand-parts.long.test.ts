import { test } from "vitest"
import { expectSameCard } from "./same-card.ts"

test("a thousand parts with keys in common, merged in a hundred orders, have the scorecard of a run", async () => {
  await expectSameCard(1000, 100, 2000)
}, 600_000)
