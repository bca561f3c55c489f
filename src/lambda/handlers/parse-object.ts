import { randomUUID } from "node:crypto"
import { Plan } from "../../contract/plan.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { writePart } from "../../parts/write-part.ts"
import { parserContext } from "../../pipeline/build/compose.ts"
import type { AnyRow } from "../../pipeline/build/definition.ts"
import { emptyTable } from "../../pipeline/run/empty-table.ts"
import { type FileWithDigest, withDigest } from "../../pipeline/run/hashed-file.ts"
import { revisionNotice } from "../../pipeline/run/revision-notice.ts"
import { ShapeWatch } from "../../pipeline/run/shape-watch.ts"
import { settlePlan } from "../../pipeline/split/settle-plan.ts"
import { unmergeable, unmergeableError } from "../../validate/parts/unmergeable.ts"
import { batchBytes } from "./batch-bytes.ts"
import { DeliveryObjects, manifestKey, rootOf } from "./delivery-objects.ts"
import { evenChunks } from "./even-chunks.ts"
import type { HandlerCall } from "./handler-call.ts"
import { type KnownPlan, planKey, rootFor } from "./known-plan.ts"
import { type Manifest, manifestFormat, type PartItem, type PinnedObject } from "./manifest.ts"
import type { ParserOutput, UnfinishedParse } from "./steps.ts"
import { readJson, writeJson } from "./stored-json.ts"
import { mostRevisions, type Workshop } from "./workshop.ts"

/** What the parser knows when it begins, or begins again. */
interface Start {
  readonly revision: number
  readonly deliveryId: string
  readonly asOf: string
  readonly reload?: boolean | undefined
  /** What an earlier call has written. */
  readonly written?: { readonly writer: string; readonly parts: number; readonly rows: number } | undefined
}

/** Reads an object into parts, and claims its version with a manifest. */
export async function parseObject(
  workshop: Workshop,
  file: SourceFile,
  object: PinnedObject,
  call: HandlerCall,
  given: UnfinishedParse | { readonly reload?: boolean | undefined },
): Promise<ParserOutput> {
  const root = rootFor(workshop, file)
  const start: Start =
    "status" in given
      ? { ...given, written: given }
      : { revision: 0, deliveryId: randomUUID(), asOf: new Date().toISOString(), reload: given.reload }
  return new ObjectParser(workshop, file, object, root, call).parse(start)
}

/** Reads the object of a manifest again, by a plan that knows what contradicted the one before. */
export async function parseAgain(workshop: Workshop, file: SourceFile, uri: string, call: HandlerCall): Promise<ParserOutput> {
  const { key, manifest } = await workshop.open(uri, call)
  const { object, deliveryId, asOf, reload } = manifest
  return new ObjectParser(workshop, file, object, rootOf(key), call).parse({
    revision: manifest.revision + 1,
    deliveryId,
    asOf,
    reload,
  })
}

class ObjectParser {
  readonly #workshop: Workshop
  readonly #file: SourceFile
  readonly #object: PinnedObject
  readonly #root: string
  readonly #call: HandlerCall

  constructor(workshop: Workshop, file: SourceFile, object: PinnedObject, root: string, call: HandlerCall) {
    this.#workshop = workshop
    this.#file = file
    this.#object = object
    this.#root = root
    this.#call = call
  }

  async parse(start: Start): Promise<ParserOutput> {
    for (let now = start; ; ) {
      const known = await this.#claimed(now.revision)
      if (known !== undefined) return known
      const end = await this.#parseBy(await this.#planOf(now), now)
      if (!("replan" in end)) return end
      await writeJson(this.#workshop.processing, planKey(this.#root, now.revision + 1), end.replan)
      now = { ...now, revision: now.revision + 1, written: undefined }
    }
  }

  /** The result of the parser that has claimed this version, if there is one. */
  async #claimed(revision: number): Promise<ParserOutput | undefined> {
    const { processing } = this.#workshop
    const key = manifestKey(this.#root, revision)
    return (await processing.stat(key)) === undefined ? undefined : this.#output(key)
  }

  async #output(key: string): Promise<ParserOutput> {
    const { uri, manifest, objects } = await this.#workshop.open(this.#workshop.uriOf(key), this.#call)
    const { deliveryId, parts } = manifest
    const items = this.#workshop.itemsPointer(objects.items)
    return { status: "parsed", manifest: uri, deliveryId, parts, items, load: this.#workshop.loadWay(parts) }
  }

  /** The plan of this revision. It is kept, so that a parser that goes on reads like the one before it. */
  async #planOf(now: Start): Promise<KnownPlan> {
    const { definition, processing } = this.#workshop
    const key = planKey(this.#root, now.revision)
    const known = await readJson<KnownPlan>(processing, key)
    if (known !== undefined) return known
    const settled: KnownPlan = {
      object: this.#object,
      plan: await settlePlan(definition, this.#file, this.#workshop.context(now, this.#call)),
      notices: [],
    }
    await writeJson(processing, key, settled)
    return (await readJson<KnownPlan>(processing, key)) ?? settled
  }

  async #parseBy(
    { plan: known, notices }: KnownPlan,
    { revision, deliveryId, asOf, reload, written }: Start,
  ): Promise<ParserOutput | { readonly replan: KnownPlan }> {
    const { definition, processing, rules } = this.#workshop
    const writer = written?.writer ?? randomUUID().slice(0, 8)
    const objects = new DeliveryObjects(this.#root, revision, writer)
    const plan = new Plan(known, { revisable: revision < mostRevisions })
    const context = { ...this.#workshop.context({ deliveryId, asOf }, this.#call, plan), reuse: true }
    const file = withDigest(evenChunks(this.#file))
    const parts = new PartWriter(this.#workshop, objects, plan, this.#call, written)
    const isDone = await parts.write(definition.parser.parse(file, parserContext(context, definition.stages)))
    if (plan.isContradicted) {
      await removeAll(this.#workshop, objects.folder, this.#call)
      return { replan: { object: this.#object, plan: plan.revised().toJSON(), notices: [...notices, revisionNotice(plan)] } }
    }
    if (!isDone) {
      const { length } = parts.items
      if (length <= (written?.parts ?? 0)) throw tooSlow(this.#file.uri)
      const rows = parts.items.reduce((sum, item) => sum + item.rows, 0)
      return { status: "unfinished", object: this.#object, revision, writer, parts: length, rows, deliveryId, asOf, reload }
    }
    if (parts.rows === 0 && definition.options.empty !== "allow") throw emptyTable(this.#file.uri, parts.header)
    const { size = 0, sequence } = this.#file
    const sourceTable = await definition.parser.locate?.(this.#file, parserContext(context, definition.stages))
    const { version: contractVersion } = definition.options
    const manifest: Manifest = {
      format: manifestFormat,
      deliveryId,
      pipeline: definition.options.name,
      contractVersion,
      object: this.#object,
      size,
      sha256: await digestOf(file),
      sequence,
      sourceTable,
      asOf,
      revision,
      plan: plan.toJSON(),
      notices,
      writer,
      parts: parts.items.length,
      rows: parts.rows,
      rules,
      reload,
    }
    await writeJson(processing, objects.items, parts.items)
    const key = manifestKey(this.#root, revision)
    await writeJson(processing, key, manifest)
    const { manifest: winner } = await this.#workshop.open(this.#workshop.uriOf(key), this.#call)
    // Another parser of the same version was faster. One that went on from the same unfinished parse has the same parts.
    if (winner.writer !== writer) await removeAll(this.#workshop, objects.folder, this.#call)
    return this.#output(key)
  }
}

function digestOf(file: FileWithDigest): Promise<string> {
  return file.sha256()
}

/** Cuts the batches of a file into parts. */
class PartWriter {
  readonly #workshop: Workshop
  readonly #objects: DeliveryObjects
  readonly #plan: Plan
  readonly #shapes: ShapeWatch
  readonly #call: HandlerCall
  readonly #skip: { readonly parts: number; readonly rows: number }
  readonly items: PartItem[] = []
  rows = 0
  header: readonly string[] = []

  constructor(
    workshop: Workshop,
    objects: DeliveryObjects,
    plan: Plan,
    call: HandlerCall,
    skip: { readonly parts: number; readonly rows: number } = { parts: 0, rows: 0 },
  ) {
    this.#workshop = workshop
    this.#objects = objects
    this.#plan = plan
    this.#shapes = new ShapeWatch(plan)
    this.#call = call
    this.#skip = skip
  }

  /** Resolves with false if it had to stop before the end of the file. */
  async write(batches: AsyncIterable<AnyRow>): Promise<boolean> {
    const iterator = batches[Symbol.asyncIterator]()
    try {
      const cursor = new BatchCursor(iterator)
      while (!(await cursor.isAtEnd())) {
        const part = this.items.length
        if (part === 1) refuseUnmergeable(this.#workshop)
        const before = this.rows
        await this.#writePart(part, this.#partOf(cursor))
        this.items.push({ part, rows: this.rows - before })
        if (this.items.length === this.#skip.parts && this.rows !== this.#skip.rows) throw changedMeanwhile(this.#objects.folder)
      }
      return true
    } catch (error) {
      if (error === stopped) return false
      throw error
    } finally {
      await iterator.return?.()
    }
  }

  /** What an earlier call has written is only read, and so is the rest of a file that contradicts its plan. */
  async #writePart(part: number, rows: AsyncIterable<TableBatch<unknown>>): Promise<void> {
    if (part < this.#skip.parts || this.#plan.isContradicted) for await (const _batch of rows);
    else await this.#workshop.processing.write(this.#objects.raw(part), writePart(rows), { unlessExists: true })
  }

  async *#partOf(cursor: BatchCursor): AsyncGenerator<TableBatch<unknown>> {
    for (let bytes = 0; bytes < this.#workshop.partBytes; ) {
      const batch = await cursor.next()
      if (batch === undefined) return
      // Thrown, so that the part under way is not written.
      if (this.#call.isNear) throw stopped
      this.#shapes.add(batch)
      this.rows += batch.length
      if (this.header.length === 0) this.header = batch.table.header
      bytes += batchBytes(batch)
      yield batch
    }
  }
}

const stopped = new Error("the parser stops in time")

/** The batches of a parser, with a look at whether there is another one. */
class BatchCursor {
  readonly #iterator: AsyncIterator<AnyRow>
  #ahead: IteratorResult<AnyRow> | undefined

  constructor(iterator: AsyncIterator<AnyRow>) {
    this.#iterator = iterator
  }

  async isAtEnd(): Promise<boolean> {
    this.#ahead ??= await this.#iterator.next()
    return this.#ahead.done === true
  }

  async next(): Promise<TableBatch<unknown> | undefined> {
    const next = this.#ahead ?? (await this.#iterator.next())
    this.#ahead = next.done === true ? next : undefined
    return next.done === true ? undefined : TableBatch.from(next.value)
  }
}

function refuseUnmergeable({ definition }: Workshop): void {
  const rules = unmergeable(definition.stages)
  if (rules.length > 0) throw unmergeableError(rules)
}

async function removeAll({ processing }: Workshop, folder: string, { logger }: HandlerCall): Promise<void> {
  try {
    for await (const { key } of processing.list(folder)) await processing.remove(key)
  } catch (error) {
    // The sweeper removes what stays.
    logger.warn(
      { folder, message: error instanceof Error ? error.message : String(error) },
      "objects of an abandoned parse were not removed",
    )
  }
}

function tooSlow(uri: string): RowgateError {
  return new RowgateError({
    code: "LIMIT_EXCEEDED",
    message: `The parser could not finish one more part of ${uri} in the time of a call.`,
    remedy: "Raise the time limit or the memory of the parser function, or make parts smaller with the option partBytes.",
    origin: { uri },
  })
}

function changedMeanwhile(folder: string): RowgateError {
  return new RowgateError({
    code: "SOURCE_CHANGED",
    message: `The parts in ${folder} have other rows than the file has now, perhaps because the parser was deployed anew in between.`,
    remedy: "Send the event of the file again.",
    origin: { uri: folder },
  })
}
