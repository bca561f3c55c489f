import type { JsonValue } from "../../src/model/json-value.ts"

export type JsonObject = { readonly [key: string]: JsonValue }

/** A state machine, or the processor of a map, in the Amazon States Language with JSONPath: what the runner knows of it. */
export interface Definition {
  readonly StartAt: string
  readonly States: { readonly [name: string]: State }
}

export type State = TaskState | MapState | ChoiceState | PassState | WaitState | SucceedState | FailState

interface Step {
  readonly Comment?: string
  readonly InputPath?: string | null
  readonly OutputPath?: string | null
  readonly Next?: string
  readonly End?: boolean
}

interface WithResult extends Step {
  readonly ResultPath?: string | null
}

export interface Retrier {
  readonly ErrorEquals: readonly string[]
  readonly IntervalSeconds?: number
  readonly BackoffRate?: number
  readonly MaxDelaySeconds?: number
  readonly MaxAttempts?: number
  readonly JitterStrategy?: "FULL" | "NONE"
}

export interface Catcher {
  readonly ErrorEquals: readonly string[]
  readonly ResultPath?: string | null
  readonly Next: string
}

interface MayFail extends WithResult {
  readonly ResultSelector?: JsonObject
  readonly Retry?: readonly Retrier[]
  readonly Catch?: readonly Catcher[]
}

export interface TaskState extends MayFail {
  readonly Type: "Task"
  readonly Resource: string
  readonly Parameters?: JsonObject
  readonly TimeoutSeconds?: number
}

export interface MapState extends MayFail {
  readonly Type: "Map"
  readonly Label?: string
  readonly ItemsPath?: string
  readonly ItemReader?: {
    readonly Resource: string
    readonly ReaderConfig: { readonly InputType: string }
    readonly Parameters: JsonObject
  }
  readonly ItemSelector?: JsonObject
  readonly MaxConcurrency?: number
  readonly ToleratedFailureCount?: number
  readonly ItemProcessor: Definition & { readonly ProcessorConfig: { readonly Mode: string; readonly ExecutionType?: string } }
}

export type Condition = {
  readonly Variable?: string
  readonly StringEquals?: string
  readonly NumericEquals?: number
  readonly BooleanEquals?: boolean
  readonly IsPresent?: boolean
  readonly And?: readonly Condition[]
  readonly Or?: readonly Condition[]
  readonly Not?: Condition
}

export interface ChoiceState extends Pick<Step, "Comment" | "InputPath" | "OutputPath"> {
  readonly Type: "Choice"
  readonly Choices: readonly (Condition & { readonly Next: string })[]
  readonly Default?: string
}

export interface PassState extends WithResult {
  readonly Type: "Pass"
  readonly Result?: JsonValue
  readonly Parameters?: JsonObject
}

export interface WaitState extends Step {
  readonly Type: "Wait"
  readonly Seconds?: number
  readonly SecondsPath?: string
}

export interface SucceedState extends Pick<Step, "Comment" | "InputPath" | "OutputPath"> {
  readonly Type: "Succeed"
}

export interface FailState extends Pick<Step, "Comment"> {
  readonly Type: "Fail"
  readonly Error?: string
  readonly Cause?: string
  readonly ErrorPath?: string
  readonly CausePath?: string
}

const step = "Type Comment InputPath OutputPath Next End"
const mayFail = `${step} ResultPath ResultSelector Retry Catch`
const fieldsOf: { readonly [type: string]: string } = {
  Task: `${mayFail} Resource Parameters TimeoutSeconds`,
  Map: `${mayFail} Label ItemsPath ItemReader ItemSelector MaxConcurrency ToleratedFailureCount ItemProcessor`,
  Choice: "Type Comment InputPath OutputPath Choices Default",
  Pass: `${step} ResultPath Result Parameters`,
  Wait: `${step} Seconds SecondsPath`,
  Succeed: "Type Comment InputPath OutputPath",
  Fail: "Type Comment Error Cause ErrorPath CausePath",
}
const condition = "Variable StringEquals NumericEquals BooleanEquals IsPresent And Or Not"

/** Reads a definition. It throws at the first state type or field that the runner does not execute, so nothing is skipped in silence. */
export function readDefinition(text: string): Definition {
  const definition = JSON.parse(text)
  checkMachine(definition, "the state machine", "Comment StartAt States TimeoutSeconds")
  return definition as Definition
}

function checkMachine(machine: Fields, place: string, known: string): void {
  check(machine, place, known)
  const states = machine["States"] as { readonly [name: string]: Fields }
  if (!Object.hasOwn(states, String(machine["StartAt"]))) throw new Error(`${place} starts at ${machine["StartAt"]}, which is not in it.`)
  for (const [name, state] of Object.entries(states)) checkState(state, name, states)
}

function checkState(state: Fields, name: string, states: Fields): void {
  const known = fieldsOf[String(state["Type"])]
  if (known === undefined) throw new Error(`The state ${name} has the type ${state["Type"]}, which the runner does not know.`)
  check(state, `the state ${name}`, known)
  for (const retrier of listOf(state["Retry"]))
    check(retrier, `Retry of ${name}`, "ErrorEquals IntervalSeconds BackoffRate MaxDelaySeconds MaxAttempts JitterStrategy")
  for (const catcher of listOf(state["Catch"])) check(catcher, `Catch of ${name}`, "ErrorEquals ResultPath Next")
  for (const choice of listOf(state["Choices"])) checkCondition(choice, `Choices of ${name}`, `${condition} Next`)
  const targets = [state["Next"], state["Default"], ...[state["Catch"], state["Choices"]].flatMap(listOf).map(({ Next }) => Next)]
  for (const target of targets)
    if (target !== undefined && !Object.hasOwn(states, String(target)))
      throw new Error(`The state ${name} leads to ${target}, which is not there.`)
  if (state["Type"] === "Map") checkMap(state, name)
}

function checkMap(state: Fields, name: string): void {
  const processor = state["ItemProcessor"] as Fields
  check(processor["ProcessorConfig"] as Fields, `ProcessorConfig of ${name}`, "Mode ExecutionType")
  checkMachine(processor, `ItemProcessor of ${name}`, "Comment ProcessorConfig StartAt States")
  const reader = state["ItemReader"] as Fields | undefined
  if (reader === undefined) return
  check(reader, `ItemReader of ${name}`, "Resource ReaderConfig Parameters")
  check(reader["ReaderConfig"] as Fields, `ReaderConfig of ${name}`, "InputType")
}

function checkCondition(fields: Fields, place: string, known: string): void {
  check(fields, place, known)
  const inner = [...listOf(fields["And"]), ...listOf(fields["Or"]), ...(fields["Not"] === undefined ? [] : [fields["Not"] as Fields])]
  for (const each of inner) checkCondition(each, place, condition)
}

type Fields = { readonly [field: string]: unknown }

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value : []
}

function check(fields: Fields, place: string, known: string): void {
  const unknown = Object.keys(fields).filter((field) => !known.split(" ").includes(field))
  if (unknown.length > 0) throw new Error(`The runner does not know ${unknown.join(", ")} in ${place}.`)
}
