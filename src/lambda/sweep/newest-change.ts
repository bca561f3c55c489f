import type { Storage } from "../../contract/storage.ts"

/** When an object below a prefix was last written; undefined if there is none. */
export async function newestChange(storage: Storage, prefix: string): Promise<Date | undefined> {
  let newest: Date | undefined
  for await (const { modifiedAt } of storage.list(prefix))
    if (modifiedAt !== undefined && (newest === undefined || modifiedAt > newest)) newest = modifiedAt
  return newest
}
