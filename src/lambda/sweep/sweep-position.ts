import type { Storage } from "../../contract/storage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

/** What a sweep goes through, one after the other. */
export type SweepPhase = "processing" | "landing"

/** Where a sweep stopped. */
export interface SweepPosition {
  readonly phase: SweepPhase
  /** The number of the landing place. */
  readonly place: number
  /** The last key that was dealt with. */
  readonly after: string | undefined
}

const beginning: SweepPosition = { phase: "processing", place: 0, after: undefined }

/** Where the last sweep stopped, or the beginning. A position that cannot be read is no loss: the sweep begins again. */
export async function lastPosition(storage: Storage, key: string): Promise<SweepPosition> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of storage.read(key)) chunks.push(chunk)
    const read: unknown = JSON.parse(Buffer.concat(chunks).toString())
    return isPosition(read) ? read : beginning
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof RowgateError && error.code === "SOURCE_NOT_FOUND")) return beginning
    throw error
  }
}

/** Remembers where the next sweep goes on; undefined if this one is finished. */
export async function savePosition(storage: Storage, key: string, position: SweepPosition | undefined): Promise<void> {
  if (position === undefined) await storage.remove(key)
  else await storage.write(key, [Buffer.from(JSON.stringify(position))])
}

function isPosition(value: unknown): value is SweepPosition {
  if (typeof value !== "object" || value === null || !("phase" in value) || !("place" in value)) return false
  const after = "after" in value ? value.after : undefined
  return (
    ["processing", "landing"].includes(String(value.phase)) &&
    typeof value.place === "number" &&
    ["string", "undefined"].includes(typeof after)
  )
}
