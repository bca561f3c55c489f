import pLimit from "p-limit"
import { Plan, type PlanFindings, type PlanJson } from "../../contract/plan.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { NormalizedCells } from "../../model/normalized-cells.ts"
import { revisionNotice } from "../../pipeline/run/revision-notice.ts"
import { type PartScore, ScoreSum } from "../../pipeline/split/part-score.ts"
import { fileAge, refusalOfParts } from "../../pipeline/split/refusal-of-parts.ts"
import { mergeStates, type StatesOfPart } from "../../validate/parts/merge-states.ts"
import { rootOf } from "./delivery-objects.ts"
import type { HandlerCall } from "./handler-call.ts"
import { type KnownPlan, planKey } from "./known-plan.ts"
import type { PartItem } from "./manifest.ts"
import { noSuchRound } from "./no-such-round.ts"
import type { MergeOutput } from "./steps.ts"
import { readBytes, readJson, writeJson } from "./stored-json.ts"
import { mostRevisions, type OpenDelivery, type Workshop } from "./workshop.ts"

/** What the scorer has made of all parts in one round. */
export interface MergedParts {
  readonly status: "settled" | "revalidate" | "replan"
  /** For each part, the round that has its last result. */
  readonly rounds: readonly number[]
  /** The sum, if the result is settled. */
  readonly score?: PartScore | undefined
  /** The plan with what the parts have settled, if the result is settled. Only a part may know the headers of a table that comes late. */
  readonly plan?: PlanJson | undefined
  /** What normalizing has changed in all parts, if the result is settled. */
  readonly normalized?: NormalizedCells | undefined
  /** Passing and rejected rows of each part, if the result is settled. */
  readonly passing?: readonly number[] | undefined
  readonly rejected?: readonly number[] | undefined
  readonly refusal?: string | undefined
}

const readsAtOnce = 16

/** Adds up the parts of a delivery: the plan, what the checks know, the score. */
export async function mergeParts(
  workshop: Workshop,
  { manifest: uri, round }: { readonly manifest: string; readonly round: number },
  call: HandlerCall,
): Promise<MergeOutput> {
  const delivery = await workshop.open(uri, call)
  const known = await readJson<MergedParts>(workshop.processing, delivery.objects.round(round).merged)
  if (known !== undefined) return output(workshop, delivery, round, known)
  const merged = await merge(workshop, delivery, round, call)
  await writeJson(workshop.processing, delivery.objects.round(round).merged, merged)
  return output(workshop, delivery, round, merged)
}

/** Parts whose result will not change any more. */
export interface SettledParts extends MergedParts {
  readonly score: PartScore
  readonly plan: PlanJson
  readonly passing: readonly number[]
  readonly rejected: readonly number[]
}

/** The result of the last round. Throws `EVENT_INVALID` if the parts are not settled. */
export async function settledParts(workshop: Workshop, { objects, uri }: OpenDelivery, round: number): Promise<SettledParts> {
  const merged = await readJson<MergedParts>(workshop.processing, objects.round(round).merged)
  const { score, plan, passing, rejected } = merged ?? {}
  if (merged?.status === "settled" && score !== undefined && plan !== undefined && passing !== undefined && rejected !== undefined)
    return { ...merged, score, plan, passing, rejected }
  throw new RowgateError({
    code: "EVENT_INVALID",
    message: `The parts of ${uri} are not settled in round ${round}, so they cannot be loaded.`,
    remedy: "Load a delivery after the scorer has returned the status settled for it.",
    origin: { uri },
  })
}

async function merge(workshop: Workshop, delivery: OpenDelivery, round: number, call: HandlerCall): Promise<MergedParts> {
  const { definition, processing, weights } = workshop
  const { manifest, objects, key } = delivery
  const rounds = await roundsOf(workshop, delivery, round)
  const plan = await planOfParts(workshop, delivery, rounds)
  if (plan.isContradicted) {
    const { notices, object } = manifest
    const next: KnownPlan = { object, plan: plan.revised().toJSON(), notices: [...notices, revisionNotice(plan)] }
    await writeJson(processing, planKey(rootOf(key), manifest.revision + 1), next)
    return { status: "replan", rounds }
  }
  if (manifest.parts > 1) {
    const items: PartItem[] = []
    for (const { part, changed, knowledge } of await mergeStates(definition.stages, await statesOf(workshop, delivery, rounds, call))) {
      if (!changed) continue
      if (knowledge !== undefined) await processing.write(objects.round(round + 1).knowledge(part), [knowledge], { unlessExists: true })
      items.push({ part, rows: 0 })
    }
    if (items.length > 0) {
      await writeJson(processing, objects.round(round + 1).items, items)
      return { status: "revalidate", rounds }
    }
  }
  const sum = new ScoreSum()
  const limit = pLimit(readsAtOnce)
  const scores = await limit.map(rounds, async (of, part) =>
    required(await readJson<PartScore>(processing, objects.round(of).score(part)), delivery, part),
  )
  for (const score of scores) sum.add(score)
  expectRows(sum, delivery)
  const score = sum.toJSON()
  return {
    status: "settled",
    rounds,
    score,
    plan: plan.toJSON(),
    normalized: plan.normalized,
    passing: scores.map(({ counts }) => counts.passed),
    rejected: scores.map(({ counts }) => counts.rejected),
    refusal:
      refusalOfParts(definition, score, weights, fileAge(manifest, new Date(manifest.asOf))) ?? tooManyRows(workshop, manifest, score),
  }
}

/** A transaction that cannot end within a call of the loader would only be rolled back, after all parts were staged. */
function tooManyRows(workshop: Workshop, { parts }: OpenDelivery["manifest"], score: PartScore): string | undefined {
  const { passed } = score.counts
  if (workshop.loadWay(parts, score) === "direct" || passed <= workshop.mostRows) return undefined
  return `${passed} rows are to be loaded, but a call of the loader can publish at most ${workshop.mostRows} (mostRows)`
}

/** A part that was validated in this round has its result here; any other part where it had it before. */
async function roundsOf({ processing }: Workshop, delivery: OpenDelivery, round: number): Promise<readonly number[]> {
  const { manifest, objects } = delivery
  if (round === 0) return new Array<number>(manifest.parts).fill(0)
  const before = await readJson<MergedParts>(processing, objects.round(round - 1).merged)
  if (before?.status !== "revalidate") throw noSuchRound(delivery.uri, round)
  const rounds = [...before.rounds]
  for (const { part } of (await readJson<readonly PartItem[]>(processing, objects.round(round).items)) ?? []) rounds[part] = round
  return rounds
}

/** What the checks of each part remember. */
function statesOf(
  { processing }: Workshop,
  delivery: OpenDelivery,
  rounds: readonly number[],
  { signal }: HandlerCall,
): Promise<readonly StatesOfPart[]> {
  const limit = pLimit(readsAtOnce)
  return limit.map(rounds, async (of, part) => {
    const results = delivery.objects.round(of)
    const key = results.states(part)
    const stored = required(await processing.stat(key), delivery, part)
    return {
      part,
      knowledge: of === 0 ? undefined : await readBytes(processing, results.knowledge(part), signal),
      size: stored.size,
      async read(start, end) {
        const chunks: Uint8Array[] = []
        for await (const chunk of processing.read(key, { start, end, signal })) chunks.push(chunk)
        return Buffer.concat(chunks)
      },
    }
  })
}

/** The plan of the delivery, with what all parts have shown. */
async function planOfParts({ processing }: Workshop, delivery: OpenDelivery, rounds: readonly number[]): Promise<Plan> {
  const { manifest, objects } = delivery
  const plan = new Plan(manifest.plan, { revisable: manifest.revision < mostRevisions })
  const limit = pLimit(readsAtOnce)
  const findings = await limit.map(rounds, async (of, part) => [
    await readJson<PlanFindings>(processing, objects.findings(part)),
    await readJson<PlanFindings>(processing, objects.round(of).findings(part)),
  ])
  findings.forEach((of, part) => {
    const found = of.filter((each) => each !== undefined)
    if (found.length === 0) required(undefined, delivery, part)
    for (const each of found) plan.add(each)
  })
  return plan
}

function output(
  workshop: Workshop,
  { uri, manifest, objects }: OpenDelivery,
  round: number,
  { status, refusal, score }: MergedParts,
): MergeOutput {
  if (status === "replan") return { status, manifest: uri, round }
  if (status === "revalidate")
    return { status, manifest: uri, round: round + 1, items: workshop.itemsPointer(objects.round(round + 1).items) }
  return {
    status,
    manifest: uri,
    round,
    deliveryId: manifest.deliveryId,
    decision: refusal === undefined ? "load" : "refuse",
    load: workshop.loadWay(manifest.parts, score),
    items: workshop.itemsPointer(objects.items),
  }
}

function required<T>(value: T | undefined, { uri }: OpenDelivery, part: number): T {
  if (value !== undefined) return value
  throw new RowgateError({
    code: "EVENT_INVALID",
    message: `Part ${part} of ${uri} is not scored yet.`,
    remedy: "Score all parts before you merge them.",
    origin: { uri },
  })
}

/** No part may be missing or count twice, and no stage may add or remove rows: a part could not say which of them it has. */
function expectRows({ counts }: ScoreSum, { manifest: { rows }, uri }: OpenDelivery): void {
  if (counts.read === rows) return
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The parser has read ${rows} rows of ${uri}, but the validated parts have ${counts.read}: a stage has added or removed rows.`,
    remedy:
      "Let each stage return the rows that it gets, and leave rows out with filter(). To aggregate or expand rows, run the pipeline in one call.",
    origin: { uri },
  })
}
