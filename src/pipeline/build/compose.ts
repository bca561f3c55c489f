import { declarationOf, declareStage, normalizes, type StageDeclaration } from "../../contract/rule.ts"
import type { Stage } from "../../contract/stage.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"

/** Stages one after another, as one stage that declares all that they declare. */
export function compose<A, B>(ab: Stage<A, B>): Stage<A, B>
export function compose<A, B, C>(ab: Stage<A, B>, bc: Stage<B, C>): Stage<A, C>
export function compose<A, B, C, D>(ab: Stage<A, B>, bc: Stage<B, C>, cd: Stage<C, D>): Stage<A, D>
export function compose<A, B, C, D, E>(ab: Stage<A, B>, bc: Stage<B, C>, cd: Stage<C, D>, de: Stage<D, E>): Stage<A, E>
export function compose<A, B, C, D, E, F>(ab: Stage<A, B>, bc: Stage<B, C>, cd: Stage<C, D>, de: Stage<D, E>, ef: Stage<E, F>): Stage<A, F>
export function compose(...stages: readonly Stage<unknown, unknown>[]): Stage<unknown, unknown> {
  stages.slice(1).forEach(refuseLateNormalize)
  const name = stages.map((stage) => stage.name || "stage").join(" > ")
  return declareStage(name, declareAll(stages), (batches, context) => stages.reduce((flow, stage) => stage(flow, context), batches))
}

/** The types hold this off where they see it; a composed stage hides what it begins with. */
export function refuseLateNormalize(stage: Stage<never, unknown>): void {
  if (!normalizes(stage)) return
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The stage ${stage.name} normalizes cells after another stage has made values of them.`,
    remedy: "Put normalize before all other stages.",
  })
}

/** What stages declare together. One that declares nothing leaves the columns unknown, until a later stage knows them. */
export function declareAll(stages: readonly Stage<never, unknown>[]): StageDeclaration {
  const declarations = stages.map(declarationOf)
  return {
    rules: declarations.flatMap((declaration) => declaration?.rules ?? []),
    reuse: declarations.every((declaration) => declaration?.reuse === true),
    ...(stages[0] !== undefined && normalizes(stages[0]) ? { normalizes: true } : {}),
    columns: (given) =>
      declarations.reduce<readonly ColumnSpec[] | undefined>((columns, declaration) => declaration?.columns(columns ?? []), given),
  }
}
