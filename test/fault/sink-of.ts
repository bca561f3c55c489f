import type { Sink } from "rowgate"
import { postgres } from "rowgate/postgres"
import type { CrashRow } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"

/** The sink of a loader. */
export function sinkOf({ url, table, way, heartbeatMs, staleMs }: LoaderSettings): Sink<CrashRow> {
  const where = { url, table, heartbeatMs, staleMs }
  const key = ["id"] as const
  if (way === "upsert" || way === "insert-only") return postgres<CrashRow>({ ...where, mode: way, key })
  if (way === "delete-missing") return postgres<CrashRow>({ ...where, mode: way, key, scope: "table" })
  if (way === "scd2" || way === "scd2 files") return postgres<CrashRow>({ ...where, mode: "scd2", key })
  if (way === "replace") return postgres<CrashRow>({ ...where, mode: way })
  return postgres<CrashRow>({ ...where, lineage: way === "reload" })
}
