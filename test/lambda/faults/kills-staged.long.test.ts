import { killTrials } from "./kill-trials.ts"

await killTrials({ way: "staged", directParts: 2 })
