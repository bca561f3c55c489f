import type { Context } from "../../contract/context.ts"
import { stageKind } from "../../contract/part-kinds.ts"
import { declarationOf, declareStage, normalizes, type StageDeclaration } from "../../contract/rule.ts"
import type { Stage } from "../../contract/stage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batches } from "../../model/batch.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { fullList } from "../../options/option-kinds.ts"
import type { StageTrace } from "../trace/trace-messages.ts"
import { tracedStage } from "../trace/traced-stage.ts"
import type { AnyRow } from "./definition.ts"

/**
 * Combines stages into one, which declares everything that they declare.
 *
 * @example
 * ```ts run
 * import { bytes, cell, check, compose, createPipeline, stage } from "rowgate"
 *
 * const middle = compose(stage.normalize({ columns: { id: cell.integer() } }), stage.check(check.unique("id")))
 * const orders = createPipeline({ name: "orders" }).from(bytes("id\n1\n1\n2\n")).pipe(middle)
 * for await (const { id } of orders.rows()) console.log(id)
 * // => 1
 * // => 2
 * ```
 */
export function compose<A, B>(ab: Stage<A, B>): Stage<A, B>
export function compose<A, B, C>(ab: Stage<A, B>, bc: Stage<B, C>): Stage<A, C>
export function compose<A, B, C, D>(ab: Stage<A, B>, bc: Stage<B, C>, cd: Stage<C, D>): Stage<A, D>
export function compose<A, B, C, D, E>(ab: Stage<A, B>, bc: Stage<B, C>, cd: Stage<C, D>, de: Stage<D, E>): Stage<A, E>
export function compose<A, B, C, D, E, F>(ab: Stage<A, B>, bc: Stage<B, C>, cd: Stage<C, D>, de: Stage<D, E>, ef: Stage<E, F>): Stage<A, F>
export function compose(...stages: readonly Stage<unknown, unknown>[]): Stage<unknown, unknown> {
  checkArgument("compose()", stages, fullList(stageKind<unknown, unknown>(), "stages, one after another"), "PIPELINE_INVALID")
  stages.slice(1).forEach(refuseLateNormalize)
  const name = stages.map((stage) => stage.name || "stage").join(" > ")
  return declareStage(name, declareAll(stages), (batches, context) => runStages(stages, batches, context))
}

/** How stages are run. */
export interface StageRunOptions {
  /** Stages that came before these, somewhere else. Default: none. */
  readonly before?: readonly Stage<AnyRow, AnyRow>[] | undefined
  /** Stages that come after these, somewhere else. Default: none. */
  readonly follow?: readonly Stage<AnyRow, AnyRow>[] | undefined
  /** Makes the messages about a stage. Default: none are sent. */
  readonly trace?: ((stage: Stage<AnyRow, AnyRow>, at: number) => StageTrace) | undefined
}

/**
 * Passes batches through the stages in order. Each stage learns which columns the next schema names, also if that schema is among the stages that
 * `follow` somewhere else. `trace` makes the messages for subscribers; without it, none are sent.
 */
export function runStages<In, Out>(
  stages: readonly Stage<AnyRow, AnyRow>[],
  batches: Batches<In>,
  context: Context,
  { before = [], follow = [], trace }: StageRunOptions = {},
): Batches<Out> {
  return stages.reduce<Batches<AnyRow>>((flow, stage, at) => {
    const rest = [...stages.slice(at + 1), ...follow]
    const next = nextProperties(rest)
    const isOpaque = rest.some((each) => declarationOf(each)?.columns([]) === undefined)
    const decimals = decimalColumns([...before, ...stages.slice(0, at)], context.decimals)
    const properties = next !== undefined ? new Set(next) : isOpaque ? undefined : context.properties
    const own = { ...context, decimals, properties, headers: headersAfter(rest, context.headers) }
    if (trace === undefined) return stage(flow, own)
    return tracedStage(
      () => trace(stage, at),
      flow,
      (given) => stage(given, own),
    )
  }, batches)
}

/** Columns that the stages declare as decimals, in addition to those that are `known`. */
function decimalColumns(stages: readonly Stage<never, unknown>[], known: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const columns = declareAll(stages).columns([]) ?? []
  return new Set([...known, ...columns.filter(({ kind }) => kind === "decimal").map(({ name }) => name)])
}

/** The columns that the next schema names. Undefined if a stage before it may use others, or if there is no schema. */
function nextProperties(stages: readonly Stage<never, unknown>[]): readonly string[] | undefined {
  for (const stage of stages) {
    const declaration = declarationOf(stage)
    if (declaration?.properties !== undefined) return declaration.properties
    if (declaration?.columns([]) === undefined) return undefined
  }
  return undefined
}

/** Usually the compiler refuses this, but it cannot see the first stage of a composed one. */
export function refuseLateNormalize(stage: Stage<never, unknown>): void {
  if (!normalizes(stage)) return
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The stage ${stage.name} normalizes cells that an earlier stage has already turned into values.`,
    remedy: "Put normalize before all other stages.",
  })
}

/** What the stages say up to the first schema, about columns of the file: later columns are made from those. */
function untilSchema(
  stages: readonly Stage<never, unknown>[],
  names: (declaration: StageDeclaration) => readonly string[] | undefined,
): readonly string[] {
  const found: string[] = []
  for (const stage of stages) {
    const declaration = declarationOf(stage)
    found.push(...((declaration && names(declaration)) ?? []))
    if (declaration === undefined || declaration.properties !== undefined) break
  }
  return found
}

/** The headers that the stages expect. */
function expectedHeaders(stages: readonly Stage<never, unknown>[]): readonly string[] {
  return untilSchema(stages, ({ headers, properties }) => headers ?? properties)
}

/** The headers that the rest of the stages expect. A composed stage may have no schema; the one after it is then the next. */
function headersAfter(rest: readonly Stage<never, unknown>[], outer: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const own = expectedHeaders(rest)
  return new Set(rest.some((stage) => declarationOf(stage)?.properties !== undefined) ? own : [...own, ...outer])
}

function nestedColumns(stages: readonly Stage<never, unknown>[]): readonly string[] {
  return untilSchema(stages, ({ nested }) => nested)
}

/** What a parser is told about the stages that follow it. */
export function parserContext(context: Context, stages: readonly Stage<never, unknown>[]): Context {
  const { emptyIsNull } = declareAll(stages)
  return { ...context, headers: new Set(expectedHeaders(stages)), nested: new Set(nestedColumns(stages)), emptyIsNull }
}

/** What the stages declare together. After a stage without a declaration the columns are unknown, until a later stage declares them. */
export function declareAll(stages: readonly Stage<never, unknown>[]): StageDeclaration {
  const declarations = stages.map(declarationOf)
  return {
    rules: declarations.flatMap((declaration) => declaration?.rules ?? []),
    properties: nextProperties(stages),
    headers: expectedHeaders(stages),
    nested: nestedColumns(stages),
    schemas: declarations.flatMap((declaration) => declaration?.schemas ?? []),
    emptyIsNull: declarations.some((declaration) => declaration?.emptyIsNull === true),
    reuse: declarations.every((declaration) => declaration?.reuse === true),
    states: declarations.flatMap((declaration) => declaration?.states ?? []),
    depends: declarations.flatMap((declaration) => declaration?.depends ?? ["passing"]),
    ...(stages[0] !== undefined && normalizes(stages[0]) ? { normalizes: true } : {}),
    columns: (given) =>
      declarations.reduce<readonly ColumnSpec[] | undefined>((columns, declaration) => declaration?.columns(columns ?? []), given),
  }
}
