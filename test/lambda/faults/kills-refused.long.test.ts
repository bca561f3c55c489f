import { killTrials } from "./kill-trials.ts"

await killTrials({ way: "refused", minimum: 99.9, outcome: "refused" })
