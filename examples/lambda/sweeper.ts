// Moves on deliveries that got stuck, archives what is left, and removes what nobody needs. Call it on a schedule.
import { handlers } from "./pipeline.ts"

export const handler = handlers.sweeper
