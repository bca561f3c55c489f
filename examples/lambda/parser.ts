// Reads a file into parts.
import { handlers } from "./pipeline.ts"

export const handler = handlers.parser
