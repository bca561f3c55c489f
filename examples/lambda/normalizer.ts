// Matches the headers of one part and reads its cells.
import { handlers } from "./pipeline.ts"

export const handler = handlers.normalizer
