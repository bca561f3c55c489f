import type pg from "pg"
import { bytes, cell, createPipeline, csv } from "rowgate"
import { postgres } from "rowgate/postgres"
import type { CrashFile, CrashRow } from "rowgate/testing"
import { expect } from "vitest"

/** Loads the trials' file like a loader without faults, before a replay or a reload. Returns its delivery. */
export async function firstLoad(file: CrashFile, pool: pg.Pool, table: string, lineage: boolean): Promise<string> {
  const { deliveries } = await createPipeline({ name: table })
    .from(bytes(file.csv, { name: "first.csv" }))
    .parse(csv({ delimiter: ",", header: 1 }))
    .normalize({
      columns: {
        id: cell.required(cell.integer()),
        name: cell.required(cell.text()),
        amount: cell.required(cell.decimal()),
        day: cell.required(cell.date(["yyyy-MM-dd"])),
      },
    })
    .into(postgres<CrashRow>({ pool, table, lineage }))
    .run()
  expect(deliveries).toMatchObject([{ outcome: "loaded", loaded: file.rows.length, rejected: file.rejected }])
  return deliveries[0]?.deliveryId ?? ""
}
