/** Where the rows go. `orders.sql` creates the table. */
export const target = { table: "orders", mode: "upsert", key: ["orderNo"] } as const
