import { decimalKey } from "../cells/decimal-keys.ts"
import { quoted } from "../cells/readers/quoted.ts"
import type { KeyCheck } from "../contract/check.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { fullList, position, text as textKind } from "../options/option-kinds.ts"
import { hashValue } from "../sketch/hash-cell.ts"
import { KeyHash } from "../sketch/key-hash.ts"
import { cellText } from "./cell-text.ts"

/** Options of `dependsOn`. */
export interface DependsOnOptions {
  /**
   * How many different values of the other columns it remembers. If a file has more, it judges a part of them, chosen by a hash, so that the choice
   * depends on the values alone. Default: 100,000, which take about 30 MB.
   */
  readonly most?: number | undefined
}

/** What earlier rows have: for each key the values and how often, or null if there are too many. Keys are kept whose hash begins with this many zero bits. */
interface Dependency {
  /** Which of the columns are decimals, of which `3.0` and `3` are equal. */
  readonly decimals: readonly boolean[]
  zeros: number
  readonly keys: Map<string, Map<string, number> | null>
}

/** A key with more values than this determines nothing. */
const mostValues = 64
/** Longer texts are replaced by their beginning and a hash. */
const longest = 100

/**
 * Checks that a column depends on others: rows with the same `zip` have the same `city`. A value fails that differs from the most frequent one of the earlier
 * rows (`dependency.broken`); it is the suggestion. Rows with an empty cell are not judged. A failure costs consistency.
 */
export function dependsOn<const K extends string, const D extends string>(
  column: K,
  determinants: readonly [D, ...D[]],
  options: DependsOnOptions = {},
): KeyCheck<K | D> {
  const names = fullList(textKind("the name of a column"), "a list of column names")
  checkArgument("The column of dependsOn()", column, textKind("the name of a column"), "PIPELINE_INVALID")
  checkArgument("The second argument of dependsOn()", determinants as readonly string[], names, "PIPELINE_INVALID")
  checkOptions<DependsOnOptions>("dependsOn()", options, { most: position(1) })
  const { most = 100_000 } = options
  const columns: readonly (K | D)[] = [column, ...determinants]
  return {
    kind: "key",
    name: `dependsOn.${column}+${determinants.join("+")}`,
    columns,
    judges: [column],
    dimension: "consistency",
    parameters: { determinants, most },
    begin: (context): Dependency => ({
      decimals: columns.map((name) => context.decimals?.has(name) === true),
      zeros: 0,
      keys: new Map(),
    }),
    test(cells, rows, state, fail) {
      const known = state as Dependency
      for (const row of rows) {
        if (cells.some((each) => each.nulls.has(row))) continue
        const [value = "", ...others] = cells.map((each, at) =>
          known.decimals[at] === true ? decimalKey(cellText(each, row)) : cellText(each, row),
        )
        const usual = remember(known, JSON.stringify(others), short(value), most)
        if (usual === undefined || usual.text === short(value)) continue
        const earlier = usual.count === 1 ? "an earlier row has" : `${usual.count} earlier rows have`
        fail(row, {
          code: "dependency.broken",
          message: `${column} is ${quoted(value)}, but ${earlier} ${quoted(usual.text)} with the same ${determinants.join(", ")}.`,
          column,
          suggestion: `Did you mean ${quoted(usual.text)}?`,
        })
      }
    },
    merge(one, other) {
      const [first, second] = [one as Dependency, other as Dependency]
      for (const [key, values] of second.keys) addAll(first, key, values)
      first.zeros = Math.max(first.zeros, second.zeros)
      // Either state may have keys that the other one would not keep.
      keepFewer(first, most, false)
      return first
    },
  }
}

/** Counts a value, and returns the most frequent one of the rows before; undefined if there is none, or if the key is not kept. */
function remember(
  known: Dependency,
  others: string,
  value: string,
  most: number,
): { readonly text: string; readonly count: number } | undefined {
  const key = short(others)
  const values = known.keys.get(key)
  if (values === null) return undefined
  if (values === undefined) {
    if (!isKept(key, known.zeros)) return undefined
    known.keys.set(key, new Map([[value, 1]]))
    keepFewer(known, most, true)
    return undefined
  }
  let usual = { text: "", count: 0 }
  for (const [text, count] of values) if (count > usual.count) usual = { text, count }
  values.set(value, (values.get(value) ?? 0) + 1)
  if (values.size > mostValues) known.keys.set(key, null)
  return usual
}

function addAll({ keys }: Dependency, key: string, values: ReadonlyMap<string, number> | null): void {
  const before = keys.get(key)
  if (before === undefined) keys.set(key, values === null ? null : new Map(values))
  else if (before === null || values === null) keys.set(key, null)
  else {
    for (const [value, count] of values) before.set(value, (before.get(value) ?? 0) + count)
    if (before.size > mostValues) keys.set(key, null)
  }
}

/** Keeps half of the keys, again and again, until there are few enough. Which ones depends on the keys alone, not on their order. */
function keepFewer(known: Dependency, most: number, filtered: boolean): void {
  let isFiltered = filtered
  for (;;) {
    if (!isFiltered) for (const key of known.keys.keys()) if (!isKept(key, known.zeros)) known.keys.delete(key)
    if (known.keys.size <= most || known.zeros === 32) return
    known.zeros++
    isFiltered = false
  }
}

const hash = /* @__PURE__ */ new KeyHash()

function hashed(text: string): KeyHash {
  hash.reset()
  hashValue(hash, text)
  hash.finish()
  return hash
}

function isKept(key: string, zeros: number): boolean {
  return zeros === 0 || hashed(key).a >>> (32 - zeros) === 0
}

function short(text: string): string {
  if (text.length <= longest) return text
  const { a, b, c } = hashed(text)
  return `${text.slice(0, 60)}…${[a, b, c].map((word) => (word >>> 0).toString(16)).join("")}`
}
