/** How far a delivery has come, over all its attempts. */
export interface DeliveryAttempt {
  /** From 1. */
  number: number
  /** Whether the target was ever opened. */
  reached: boolean
  /** Whether a sink has committed, or recorded a refusal: from then on nothing may be done again. */
  decided: boolean
}
