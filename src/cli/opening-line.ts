import type { Printer } from "./printer.ts"
import { type Target, targetName } from "./target.ts"

/**
 * Tells a person what the command waits for. PGlite creates a database in one step of some seconds, in which the process hears no Ctrl-C; it
 * stops right after that.
 */
export function showOpening(stderr: Printer, target: Target): void {
  if (stderr.isLive && target.kind === "pglite") stderr.status(`opening ${targetName(target)} ...`)
}
