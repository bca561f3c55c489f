import { z } from "zod"

export const schema = z.object({ id: z.int(), town: z.string(), amount: z.int() })
