// Scores one part, or adds up all parts and decides what happens to the file.
import { handlers } from "./pipeline.ts"

export const handler = handlers.scorer
