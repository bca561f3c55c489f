import type { Storage } from "../../contract/storage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { readPart } from "../../parts/read-part.ts"

/** The batches of a part in the processing storage. An error about the part says which one it is. */
export async function* readStoredPart(storage: Storage, key: string, signal: AbortSignal): AsyncGenerator<TableBatch<unknown>> {
  try {
    yield* readPart(storage.read(key, { signal }))
  } catch (error) {
    if (!(error instanceof RowgateError) || error.origin?.uri !== undefined) throw error
    const { code, message, remedy, retryable, origin, cause } = error
    throw new RowgateError({ code, message, remedy, retryable, origin: { ...origin, uri: `${storage.name}${key}` }, cause })
  }
}
