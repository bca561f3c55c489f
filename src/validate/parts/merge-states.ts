import type { DeclaredState } from "../../contract/check-states.ts"
import { declarationOf } from "../../contract/rule.ts"
import type { Stage } from "../../contract/stage.ts"
import { quietCause } from "../../errors/quiet-cause.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { isSameValue } from "./is-same-value.ts"
import { mergeKeys } from "./merge-keys.ts"
import { entryKey, readKnowledge } from "./part-states.ts"
import { decodeState, encodeState, splitStates } from "./state-value.ts"
import { encodeStates, openStates, readExactly, type StateEntry, type StateSection, type StatesFile } from "./states-file.ts"
import { unmergeableError } from "./unmergeable.ts"

/** What the checks of a part remember after a round: the file that `PartStates.export` gave. */
export interface StatesOfPart extends StatesFile {
  /** The number of the part. */
  readonly part: number
  /** What the part was validated with; undefined in the first round. */
  readonly knowledge?: Uint8Array | undefined
}

/** What a part must know about the parts before it. */
export interface MergedPart {
  readonly part: number
  /** Whether the part must be validated again, with this knowledge. */
  readonly changed: boolean
  /** Undefined if the part needs to know nothing. */
  readonly knowledge: Uint8Array | undefined
}

/** How `mergeStates` works. */
export interface MergeStatesOptions {
  /** About how many bytes the keys of `check.unique` may take at a time. Default: 64 MiB. */
  readonly maxBytes?: number | undefined
}

interface OpenPart {
  readonly file: StatesOfPart
  readonly name: string
  readonly sections: ReadonlyMap<string, StateSection>
  readonly known: ReadonlyMap<string, Uint8Array>
}

/** What a check of a part should have begun with; undefined if it should have begun like the first part. */
interface Finding {
  readonly changed: boolean
  readonly bytes: Uint8Array | undefined
}

/** The heads of so many files are read at once. */
const opensAtOnce = 16

/**
 * Compares what each part of a file was validated with to what the parts before it remember. The parts come in the order of the file. Validate
 * those that changed again, each with its new knowledge, and call this again, until no part changes. Then every part is exactly what it would be if one
 * process had checked the whole file. The rounds end: each one settles at least one more check.
 *
 * Throws `PIPELINE_INVALID` if there are several parts and a check cannot merge its states, and `FILE_CORRUPT` for a damaged file.
 */
export async function mergeStates(
  stages: readonly Stage<never, unknown>[],
  parts: readonly StatesOfPart[],
  options: MergeStatesOptions = {},
): Promise<readonly MergedPart[]> {
  if (parts.length < 2) return parts.map(({ part, knowledge }) => ({ part, changed: false, knowledge }))
  const { maxBytes = 64 * 2 ** 20 } = options
  const opened = await openAll(parts)
  const entries = new Map(opened.flatMap(({ sections }) => [...sections]))
  const alone = [...entries.values()].filter(({ form }) => form === "unmergeable").map(({ rule }) => rule)
  if (alone.length > 0) throw unmergeableError([...new Set(alone)])
  const declared = stages.flatMap((stage) => declarationOf(stage)?.states ?? [])
  const findings = new Map<StateEntry, readonly Finding[]>()
  for (const [key, entry] of entries)
    findings.set(entry, entry.form === "keys" ? await findRepeated(key, opened, maxBytes) : await findMerged(key, entry, opened, declared))
  return opened.map(({ file: { part } }, at) => {
    const known = [...findings].flatMap(([{ rule, nth, form }, found]) => {
      const bytes = found[at]?.bytes
      return bytes === undefined ? [] : [{ rule, nth, form, bytes }]
    })
    const changed = [...findings.values()].some((found) => found[at]?.changed === true)
    return { part, changed, knowledge: known.length === 0 ? undefined : encodeStates(known) }
  })
}

async function openAll(parts: readonly StatesOfPart[]): Promise<readonly OpenPart[]> {
  const opened: OpenPart[] = []
  for (let at = 0; at < parts.length; at += opensAtOnce) opened.push(...(await Promise.all(parts.slice(at, at + opensAtOnce).map(open))))
  return opened
}

async function open(file: StatesOfPart): Promise<OpenPart> {
  const name = `part ${file.part}`
  const sections = await openStates(file, name)
  return {
    file,
    name,
    sections: new Map(sections.map((section) => [entryKey(section), section])),
    known: await readKnowledge(file.knowledge, name),
  }
}

/** The rows whose key an earlier part has, one bit each. */
async function findRepeated(key: string, parts: readonly OpenPart[], maxBytes: number): Promise<readonly Finding[]> {
  const repeated = await mergeKeys(
    parts.map(({ file, name, sections }) => {
      const { start, rows, buckets } = sections.get(key) ?? { start: 0, rows: 0, buckets: [] }
      return { rows, buckets, read: (from, to) => readExactly(file, name, start + from, start + to) }
    }),
    maxBytes,
  )
  return parts.map(({ known }, at) => {
    const bytes = repeated[at] && trimmed(repeated[at])
    const before = known.get(key)
    return { bytes, changed: !Buffer.from(bytes ?? []).equals(before ?? new Uint8Array(0)) }
  })
}

/** Without the zeros at its end, so that equal rows have equal bytes. */
function trimmed(bits: Uint8Array): Uint8Array {
  return bits.subarray(0, bits.findLastIndex((byte) => byte !== 0) + 1)
}

/** The state of all earlier parts together. */
async function findMerged(
  key: string,
  entry: StateEntry,
  parts: readonly OpenPart[],
  declared: readonly DeclaredState[],
): Promise<readonly Finding[]> {
  const merge = mergeOf(entry, declared)
  const findings: Finding[] = []
  let before: { readonly state: unknown } | undefined
  for (const { file, name, sections, known } of parts) {
    const section = sections.get(key)
    if (section === undefined) {
      findings.push({ changed: false, bytes: undefined })
      continue
    }
    const { begun, own } = splitStates(await readExactly(file, name, section.start, section.end))
    findings.push(before === undefined ? { changed: false, bytes: undefined } : compare(entry.rule, before.state, begun, known.get(key)))
    before = { state: before === undefined ? own : merge(before.state, own) }
  }
  return findings
}

function compare(rule: string, state: unknown, begun: unknown, known: Uint8Array | undefined): Finding {
  if (known !== undefined && isSameValue(state, decodeState(known))) return { changed: false, bytes: known }
  if (isSameValue(state, begun)) return { changed: known !== undefined, bytes: undefined }
  return { changed: true, bytes: encodeState(rule, state) }
}

function mergeOf({ rule, nth }: StateEntry, declared: readonly DeclaredState[]): (one: unknown, other: unknown) => unknown {
  // The last stage of a pipeline is the first to begin.
  const merge = declared.filter((each) => each.rule === rule).at(-1 - nth)?.merge
  if (merge === undefined) {
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `The check ${rule} is in a stage that does not declare it, so rowgate cannot merge its states.`,
      remedy: "Combine stages with compose(), which declares what they declare.",
    })
  }
  return (one, other) => {
    const merged = attempt(rule, () => merge(one, other))
    if (merged !== undefined && !(merged instanceof Promise)) return merged
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `The function merge of the check ${rule} returned ${merged === undefined ? "nothing" : "a promise"} instead of a state.`,
      remedy: "Return the merged state, synchronously.",
    })
  }
}

function attempt(rule: string, merge: () => unknown): unknown {
  try {
    return merge()
  } catch (cause) {
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `The function merge of the check ${rule} threw ${cause instanceof Error ? cause.name : "a value that is not an error"}.`,
      remedy: "Correct the function at the place that the stack of the cause shows.",
      cause: quietCause(cause, "thrown by merge"),
    })
  }
}
