/** The steps of the protocol between which a load may die, in their order. */
export const failpoints = [
  "connected",
  "begun",
  "locked",
  "entered",
  "writing",
  "written",
  "settled",
  "rejects-stored",
  "outcome-stored",
  "finished",
  "committed",
  "released",
] as const

/** One of the steps. */
export type Failpoint = (typeof failpoints)[number]

/** Called at each step: a test stops the process there, or cuts a line. */
export interface Reach {
  (step: Failpoint): void | Promise<void>
}

/** Nothing happens at any step. */
export const passThrough: Reach = () => undefined
