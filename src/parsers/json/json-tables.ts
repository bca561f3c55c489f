import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import { ByteWindow } from "./byte-window.ts"
import type { JsonOptions } from "./json.ts"
import { JsonDocument } from "./json-document.ts"
import { jsonBounds } from "./json-limits.ts"
import { pointerText } from "./json-pointer.ts"
import { utf8Text } from "./utf8-text.ts"

/** The JSON pointers of the arrays of objects in a document, if it is an object around more than one of them. */
export async function jsonTables(file: SourceFile, context: Context, { limits }: JsonOptions): Promise<readonly string[]> {
  const chunks = file.stream()[Symbol.asyncIterator]()
  try {
    const window = new ByteWindow(await utf8Text(chunks, file.uri), context.signal)
    const arrays = await new JsonDocument(window, file.uri, jsonBounds(limits)).arrays()
    return arrays.map(pointerText)
  } finally {
    await chunks.return?.()
  }
}
