import { cp } from "node:fs/promises"
import { join } from "node:path"
import type { Plugin } from "esbuild"

/** Puts the migrations of the ledger as files beside the code, in `migrations/`, so that goose can run them. */
export function migrationFiles(): Plugin {
  return {
    name: "migration-files",
    setup({ initialOptions: { outdir = "dist" }, onEnd }) {
      onEnd(() => cp("src/postgres/ledger/migrations", join(outdir, "migrations"), { recursive: true }))
    },
  }
}
