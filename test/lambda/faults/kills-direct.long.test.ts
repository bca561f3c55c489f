import { killTrials } from "./kill-trials.ts"

await killTrials({ way: "loaded from its parts", directParts: 100 })
