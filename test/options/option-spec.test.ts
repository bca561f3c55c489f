import { expect, test } from "vitest"
import { checkOptions } from "../../src/options/check-options.ts"
import { nearestName } from "../../src/options/nearest-name.ts"
import type { OptionSpec } from "../../src/options/option-kind.ts"
import { flag, needed, oneOf, position, text } from "../../src/options/option-kinds.ts"

interface Options {
  readonly name: string
  readonly mode?: "a" | "b" | undefined
  readonly size?: number | undefined
}

const spec: OptionSpec<Options> = { name: needed(text()), mode: oneOf("a", "b"), size: position() }

test("a spec that differs from its interface does not compile", () => {
  const { mode: _mode, ...without } = spec
  // @ts-expect-error an option of the interface is missing
  const missing: OptionSpec<Options> = without
  // @ts-expect-error the interface has no such option
  const added: OptionSpec<Options> = { ...spec, extra: flag() }
  // @ts-expect-error the interface takes "b" as well
  const narrow: OptionSpec<Options> = { ...spec, mode: oneOf("a") }
  // @ts-expect-error the interface does not take "c"
  const wide: OptionSpec<Options> = { ...spec, mode: oneOf("a", "b", "c") }
  // @ts-expect-error the name is required
  const optional: OptionSpec<Options> = { ...spec, name: text() }
  expect([missing, added, narrow, wide, optional]).toHaveLength(5)
})

test("inherited options count as given, and names that every object has are unknown options", () => {
  const made = Object.create({ name: "a", size: 0 })
  expect(() => checkOptions<Options>("make()", made, spec)).toThrow(
    "The option size of make() takes a whole number of at least 1; it got 0.",
  )
  const options = JSON.parse('{ "name": "a", "__proto__": 1 }')
  expect(() => checkOptions<Options>("make()", options, spec)).toThrow("make() has no option __proto__.")
  expect(() => checkOptions<Options>("make()", { name: "a", constructor: 1 } as Options, spec)).toThrow("make() has no option constructor.")
})

test.each([
  ["dryrun", "dryRun"],
  ["tabel", "table"],
  ["delimeter", "delimiter"],
  ["NAMING", "naming"],
  ["keys", "key"],
  ["x", undefined],
  ["completelyElse", undefined],
  ["", undefined],
  ["k".repeat(100_000), undefined],
])("the name %s suggests the nearest option, if one is near", (name, near) => {
  expect(nearestName(name, ["dryRun", "table", "delimiter", "naming", "key"])).toBe(near)
})
