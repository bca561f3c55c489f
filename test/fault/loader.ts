import { postgres } from "rowgate/postgres"
import { type CrashRow, crashLoader } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"

crashLoader(({ url, table, mode, heartbeatMs, staleMs }: LoaderSettings) => {
  const where = { url, table, heartbeatMs, staleMs }
  const key = ["id"] as const
  if (mode === "upsert") return postgres<CrashRow>({ ...where, mode, key })
  if (mode === "delete-missing") return postgres<CrashRow>({ ...where, mode, key, scope: "table" })
  if (mode === "scd2") return postgres<CrashRow>({ ...where, mode, key })
  return postgres<CrashRow>({ ...where, mode })
})
