/** The progress of a delivery over all its attempts. */
export interface DeliveryAttempt {
  /** From 1. */
  number: number
  /** Whether the target was ever opened. */
  reached: boolean
  /** Whether a sink has committed or recorded a refusal. After that, nothing may be tried again. */
  decided: boolean
}
