// Stages one part, loads the file into PostgreSQL, archives it, or records that it failed.
import { handlers } from "./pipeline.ts"

export const handler = handlers.loader
