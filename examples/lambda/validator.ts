// Validates and checks the rows of one part.
import { handlers } from "./pipeline.ts"

export const handler = handlers.validator
