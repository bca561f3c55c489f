import { readFileSync, writeFileSync } from "node:fs"
import { argv, env } from "node:process"
import { S3Client } from "@aws-sdk/client-s3"
import * as z from "zod"
import { cell, check, createPipeline } from "../../src/index.ts"
import { createHandlers, type Handlers } from "../../src/lambda.ts"
import { postgres } from "../../src/postgres.ts"

/** One call of one function in a process of its own, as on Lambda: `node function-process.js parser input.json output.json`. */
const [, , name = "", input = "", output = ""] = argv

const Order = z.object({
  order_id: z.number().int().positive(),
  customer_name: z.string().min(1),
  email: z.email(),
  country: z.string().length(2),
  order_date: z.date(),
  amount: z.number().nonnegative(),
  currency: z.enum(["USD", "EUR", "JPY", "GBP"]),
  quantity: z.number().int().positive(),
  status: z.enum(["paid", "shipped", "pending", "refunded", "cancelled"]),
  notes: z.string().nullable(),
})

const orders = createPipeline({ name: "orders" })
  .normalize({ nulls: ["", "N/A"], columns: { customer_name: cell.text() } })
  .validate(Order)
  .check(check.unique("order_id"))
  .into(postgres({ url: env["DATABASE_URL"] ?? "", table: "orders" }))

const client = new S3Client({
  endpoint: env["S3_ENDPOINT"] ?? "",
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
})
const handlers = createHandlers(orders, {
  landing: "landing",
  processing: "processing",
  archive: "archive",
  s3: { client },
  metrics: false,
})
const began = performance.now()
const result = await handlers[name as keyof Handlers](JSON.parse(readFileSync(input, "utf8")), { getRemainingTimeInMillis: () => 900_000 })
const ms = performance.now() - began
// Not maxRSS of getrusage: there, a process begins with the peak of the one that started it.
const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8")) ?? []
writeFileSync(output, JSON.stringify({ result, ms, peakMegabytes: Number(kilobytes) / 1024 }))
