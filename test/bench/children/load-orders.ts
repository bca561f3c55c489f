import { createPipeline, file } from "rowgate"
import { postgres } from "rowgate/postgres"
import { type Order, orderContract } from "../../../examples/data/order-contract.ts"
import { measured } from "./measured.ts"

interface Input {
  readonly url: string
  readonly file: string
  /** Adds a check that sees rows as objects. */
  readonly rowCheck?: boolean
  /** Merges rows by the order's number instead of adding them. */
  readonly upsert?: boolean
}

/** The whole pipeline: prepare, parse, normalize, validate, score in six dimensions, COPY, rejects and the ledger's entry. */
await measured(async ({ url, file: path, rowCheck = false, upsert = false }: Input) => {
  const rows = orderContract(createPipeline({ name: "orders" }).from(file(path)))
  const checked = rowCheck
    ? rows.check(
        ({ status, quantity }) =>
          status === "cancelled" && quantity > 100 ? { code: "cancelled.many", message: "looks wrong" } : undefined,
        { name: "cancelled.many", columns: ["status", "quantity"], dimension: "consistency" },
      )
    : rows
  const target = upsert
    ? postgres<Order>({ url, table: "orders", mode: "upsert", key: ["order_id"] })
    : postgres<Order>({ url, table: "orders" })
  const { read, loaded, rejected, deliveries } = await checked.into(target).run({ asOf: new Date("2026-01-01") })
  const score = deliveries[0]?.score
  return { read, loaded, rejected, overall: score?.overall, coverage: score?.coverage }
})
