import type { Plan, PlanFindings } from "../../contract/plan.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { writePart } from "../../parts/write-part.ts"
import type { AnyRow } from "../../pipeline/build/definition.ts"
import { scorePart } from "../../pipeline/split/part-score.ts"
import { normalizeBatches, validateBatches } from "../../pipeline/split/part-stages.ts"
import { splitStages } from "../../pipeline/split/split-stages.ts"
import { PartStates } from "../../validate/parts/part-states.ts"
import type { HandlerCall } from "./handler-call.ts"
import { noSuchRound } from "./no-such-round.ts"
import { readStoredPart } from "./read-stored-part.ts"
import type { PartPointer } from "./steps.ts"
import { readBytes, readJson, writeJson } from "./stored-json.ts"
import type { Workshop } from "./workshop.ts"

/** Normalizes a part, unless a call has done so before. */
export async function normalizePart(workshop: Workshop, { manifest: uri, part }: PartPointer, call: HandlerCall): Promise<void> {
  const { definition, processing } = workshop
  const { manifest, objects } = await workshop.openPart({ manifest: uri, part }, call)
  if (splitStages(definition).normalizer.length === 0 || (await isThere(workshop, objects.findings(part)))) return
  const plan = workshop.plan(manifest, manifest.plan)
  const context = { ...workshop.context(manifest, call, plan), reuse: true }
  const batches = normalizeBatches(definition, readStoredPart(processing, objects.raw(part), call.signal), context)
  await writeRows(workshop, objects.normalized(part), batches, plan, call)
  await writeJson(processing, objects.findings(part), plan.findings)
}

/** Validates a part in a round, unless a call has done so before. In a later round, the checks know what earlier parts have seen. */
export async function validatePart(workshop: Workshop, { manifest: uri, part, round }: PartPointer, call: HandlerCall): Promise<void> {
  const { definition, processing } = workshop
  const { manifest, objects } = await workshop.openPart({ manifest: uri, part }, call)
  const results = objects.round(round)
  if (await isThere(workshop, results.findings(part))) return
  if (round > 0 && !(await isThere(workshop, results.items))) throw noSuchRound(uri, round)
  const isNormalized = splitStages(definition).normalizer.length > 0
  const before = isNormalized ? await findingsOf(workshop, objects.findings(part)) : undefined
  // The plan will be revised, and the part is then read again.
  if (before?.contradicted === true) return
  const plan = workshop.plan(manifest, manifest.plan, before?.settled ?? {})
  const states = await PartStates.of(await readBytes(processing, results.knowledge(part), call.signal))
  const context = { ...workshop.context(manifest, call, plan), reuse: true, states }
  const stored = readStoredPart(processing, isNormalized ? objects.normalized(part) : objects.raw(part), call.signal)
  const rows = isNormalized ? stored : normalizeBatches(definition, stored, context)
  await writeRows(workshop, results.validated(part), validateBatches(definition, rows, context), plan, call)
  if (!plan.isContradicted) await processing.write(results.states(part), [await states.export()], { unlessExists: true })
  await writeJson(processing, results.findings(part), plan.findings)
}

/** Scores a validated part, unless a call has done so before. */
export async function scoreOnePart(workshop: Workshop, { manifest: uri, part, round }: PartPointer, call: HandlerCall): Promise<void> {
  const { definition, processing, weights } = workshop
  const { manifest, objects } = await workshop.openPart({ manifest: uri, part }, call)
  const results = objects.round(round)
  if (await isThere(workshop, results.score(part))) return
  const findings = await readJson<PlanFindings>(processing, results.findings(part))
  if (findings === undefined && (await readJson<PlanFindings>(processing, objects.findings(part)))?.contradicted === true) return
  if (findings === undefined) throw notReady(uri, part)
  if (findings.contradicted) return
  const read = () => readStoredPart(processing, results.validated(part), call.signal)
  const score = await scorePart(definition, read(), { asOf: new Date(manifest.asOf), weights })
  if (score.counts.rejected > 0) await processing.write(results.rejects(part), writePart(rejectedRows(read())), { unlessExists: true })
  await writeJson(processing, results.score(part), score)
}

async function* rejectedRows(batches: AsyncIterable<TableBatch<unknown>>): AsyncGenerator<TableBatch<unknown>> {
  for await (const batch of batches) {
    const rows = [...batch.rejected()]
    if (rows.length > 0) yield batch.take(rows)
  }
}

/** Writes batches as a part. If one contradicts the plan, nothing is written, and the rest is read for what else it shows. */
async function writeRows(
  { processing }: Workshop,
  key: string,
  batches: AsyncIterable<TableBatch<AnyRow>>,
  plan: Plan,
  { signal }: HandlerCall,
): Promise<void> {
  const iterator = batches[Symbol.asyncIterator]()
  const contradicted = new Error("the plan is contradicted")
  async function* rows(): AsyncGenerator<TableBatch<AnyRow>> {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      signal.throwIfAborted()
      if (plan.isContradicted) throw contradicted
      yield next.value
    }
    if (plan.isContradicted) throw contradicted
  }
  try {
    await processing.write(key, writePart(rows()), { unlessExists: true, signal })
  } catch (error) {
    if (error !== contradicted) throw error
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) signal.throwIfAborted()
  } finally {
    await iterator.return?.(undefined)
  }
}

async function isThere({ processing }: Workshop, key: string): Promise<boolean> {
  return (await processing.stat(key)) !== undefined
}

async function findingsOf({ processing }: Workshop, key: string): Promise<PlanFindings> {
  const findings = await readJson<PlanFindings>(processing, key)
  if (findings !== undefined) return findings
  throw notReady(key)
}

function notReady(what: string, part?: number): RowgateError {
  return new RowgateError({
    code: "EVENT_INVALID",
    message: `The step before this one has not written ${part === undefined ? what : `part ${part} of ${what}`}.`,
    remedy: "Call the functions in the order parser, normalizer, validator, scorer, loader.",
    origin: { uri: what },
  })
}
