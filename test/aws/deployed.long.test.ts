import { mkdtemp, readFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import { buildFunction } from "../../tools/build-lambda.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { Deployment } from "./deployment.ts"
import type { EndedExecution } from "./execute-machine.ts"
import { asCsv, asNdjson, asParquet, asXlsx, orderRows } from "./order-files.ts"
import { type FunctionRole, functionRoles } from "./shipped-machine.ts"
import { type StandIn, startStandIn, whyNoStandIn } from "./stand-in.ts"

const reason = await whyNoStandIn()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  test("a stand-in for AWS runs the deployed functions", ({ skip }) => skip(reason))
} else {
  describe("deployed to a stand-in for AWS", async () => {
    const { pool, url } = await ledgerDatabase()
    let standIn: StandIn
    let deployment: Deployment

    beforeAll(async () => {
      await pool.query(`CREATE TABLE orders (
        order_no int PRIMARY KEY, customer text NOT NULL, email text NOT NULL, quantity int NOT NULL,
        unit_price numeric(12,2) NOT NULL, total numeric(12,2) NOT NULL, ordered_on date NOT NULL)`)
      const out = await mkdtemp(join(inject("compiledFolder"), "functions-"))
      const zips: { [role in FunctionRole]?: Uint8Array } = {}
      for (const role of functionRoles) {
        await buildFunction(`examples/lambda/${role}.ts`, role, out)
        zips[role] = await readFile(join(out, `${role}.zip`))
      }
      standIn = await startStandIn()
      deployment = await Deployment.create(standIn, {
        zips: zips as { readonly [role in FunctionRole]: Uint8Array },
        environment: {
          LANDING_BUCKET: "landing",
          PROCESSING_BUCKET: "processing",
          ARCHIVE_BUCKET: "archive",
          DATABASE_URL: url,
          PART_BYTES: "65536",
          DIRECT_PARTS: "1",
          // The stand-in serves all buckets at one address.
          AWS_S3_FORCE_PATH_STYLE: "true",
        },
      })
    }, 180_000)

    afterAll(async () => {
      await standIn?.[Symbol.asyncDispose]()
    })

    async function deliver(key: string, body: Uint8Array | string): Promise<EndedExecution> {
      const ended = await deployment.deliver(key, body)
      console.log(
        `${key}: ${ended.status} in ${ended.seconds.toFixed(1)} s: ${ended.states.join(" > ")}\n  ${JSON.stringify(ended.output ?? ended)}`,
      )
      return ended
    }

    async function ordersFrom(first: number): Promise<number> {
      const { rows } = await pool.query("SELECT count(*)::int AS rows FROM orders WHERE order_no >= $1 AND order_no < $1 + 100000", [first])
      return rows[0].rows
    }

    async function runOf(key: string) {
      const { rows } = await pool.query(
        `SELECT status, loaded::int, overall AS score, (SELECT count(*)::int FROM rowgate.reject WHERE reject.run_id = id) AS rejects
         FROM rowgate.run LEFT JOIN rowgate.quality_score ON run_id = id WHERE uri = $1`,
        [`s3://landing/${key}`],
      )
      expect(rows).toHaveLength(1)
      return rows[0]
    }

    const files = [
      ["csv", 4_000, 100_000, asCsv],
      ["ndjson", 300, 200_000, asNdjson],
      ["xlsx", 300, 300_000, asXlsx],
      ["parquet", 300, 400_000, asParquet],
    ] as const

    test.each(files)("%s: rows, rejects, score, ledger and archive are right", async (format, count, first, write) => {
      const key = `orders-${format}.${format}`
      const { rows, rejected } = orderRows(count, first)
      const { status, states, output } = await deliver(key, await write(rows))
      expect(status).toBe("SUCCEEDED")
      expect(states.at(-1)).toBe("Loaded")
      expect(states).toContain(format === "csv" ? "Stage" : "Normalize")
      expect(output).toMatchObject({ status: "loaded", read: count, loaded: count - rejected, rejected })
      expect(await ordersFrom(first)).toBe(count - rejected)
      const { score } = output as { readonly score: number }
      expect(score).toBeGreaterThan(95)
      expect(await runOf(key)).toEqual({ status: "committed", loaded: count - rejected, rejects: rejected, score })
      expect(await deployment.keys("landing")).not.toContain(key)
      expect((await deployment.keys("archive")).filter((archived) => archived.endsWith(key))).toHaveLength(1)
      expect(await deployment.keys("processing")).toEqual([])
    })

    test("the same bytes under another name are a duplicate", async () => {
      const { states } = await deliver("again.ndjson", asNdjson(orderRows(300, 200_000).rows))
      expect(states.at(-1)).toBe("Duplicate")
    })

    test("a file below the minimum score is refused, and loads nothing", async () => {
      const { rows } = orderRows(300, 500_000)
      const { states, status } = await deliver(
        "bad.csv",
        asCsv(rows.map((row) => ({ ...row, customer: "", email: "?", unitPrice: "?", total: "", orderedOn: "" }))),
      )
      expect(status).toBe("SUCCEEDED")
      expect(states.at(-1)).toBe("Refused")
      expect(await runOf("bad.csv")).toMatchObject({ status: "refused", loaded: 0 })
      expect(await ordersFrom(500_000)).toBe(0)
    })

    test("a file that cannot be read fails the execution, and the ledger says why", async () => {
      const { status, error, states } = await deliver("empty.csv", "")
      expect(status).toBe("FAILED")
      expect(error).toMatch(/^Rowgate\./)
      expect(states.slice(-4)).toEqual(["Describe failure", "Record failure", "Failure", "Failed"])
      expect((await runOf("empty.csv")).status).toBe("failed")
    })
  })
}
