import { RowgateError } from "../../errors/rowgate-error.ts"

/** The keys of a JSON pointer (RFC 6901): `/data/items` has `data` and `items`. The empty pointer is the document itself. */
export function jsonPointer(path: string): readonly string[] {
  if (path === "") return []
  if (!path.startsWith("/") || /~(?![01])/.test(path))
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `The option path is "${path}", which is not a JSON pointer.`,
      remedy: 'Write the path like "/data/items": a slash before each key, "~1" for a slash in a key and "~0" for a tilde.',
    })
  return path
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
}

/** Some keys as a JSON pointer. */
export function pointerText(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
}
