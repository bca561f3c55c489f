import { z } from "zod"
import { currencies, statuses } from "../../../examples/data/order.ts"

/** What a careful zod user writes for rows of text cells: coercion inside the schema, and blank optional cells as null. */
export const orderTextSchema = z.object({
  order_id: z.coerce.number().int().positive(),
  customer_name: z.string().trim().min(1),
  email: z.email(),
  country: z.string().length(2),
  order_date: z.iso.date().transform((text) => new Date(text)),
  amount: z.string().regex(/^-?\d{1,10}(\.\d{1,2})?$/),
  currency: z.enum(currencies),
  quantity: z.coerce.number().int().positive(),
  status: z.enum(statuses),
  notes: z.string().transform((text) => (text === "" ? null : text)),
})
