import type { JsonValue } from "../../src/model/json-value.ts"

/** What a JSON value has at a path, or undefined if it has nothing there. */
export function valueAt(value: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined
    return Object.hasOwn(inner, key) ? (inner as { readonly [key: string]: JsonValue })[key] : undefined
  }, value)
}
