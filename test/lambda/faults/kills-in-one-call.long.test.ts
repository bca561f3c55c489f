import { killTrials } from "./kill-trials.ts"

await killTrials({ way: "loaded in one call", inOneCall: true })
