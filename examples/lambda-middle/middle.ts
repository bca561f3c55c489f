// The pure middle of a pipeline: normalize to check, in a module of its own. What imports it gets neither a database driver nor an SDK.
import { check, compose, decimal, foreignKey, normalize, oneOf, unique, validate } from "rowgate"
import { z } from "zod"

export const Payment = z.object({
  id: z.string().min(1),
  account: z.string().length(8),
  amount: z.string(),
  currency: z.enum(["EUR", "USD"]),
})

/** A payment that has passed. */
export type Payment = z.infer<typeof Payment>

export const payments = compose(
  normalize({
    headers: { account: ["Account No.", "Konto"] },
    columns: { amount: decimal({ precision: 12, scale: 2 }), currency: oneOf("EUR", "USD") },
  }),
  validate(Payment),
  check(unique("id")),
  check(foreignKey("account", ["10000001", "10000002"])),
)
