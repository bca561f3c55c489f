// The stages from normalize to check, in their own module. A program that imports it loads no database driver and no SDK.
import { cell, check, compose, stage } from "rowgate"
import { z } from "zod"

export const Payment = z.object({
  id: z.string().min(1),
  account: z.string().length(8),
  amount: z.string(),
  currency: z.enum(["EUR", "USD"]),
})

/** A payment that passed the checks. */
export type Payment = z.infer<typeof Payment>

export const payments = compose(
  stage.normalize({
    headers: { account: ["Account No.", "Konto"] },
    columns: { amount: cell.decimal({ precision: 12, scale: 2 }), currency: cell.oneOf("EUR", "USD") },
  }),
  stage.validate(Payment),
  stage.check(check.unique("id")),
  stage.check(check.foreignKey("account", ["10000001", "10000002"])),
)
