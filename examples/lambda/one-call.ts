// Delivers the files of an event in one call, without a state machine: for files that one call can load.
import { handlers } from "./pipeline.ts"

export const handler = handlers.pipeline
