import type { AdmittingKind } from "./deployed.ts"

/** A service of AWS that a policy admits without a condition that names the account. */
export interface UnlimitedService {
  readonly kind: AdmittingKind
  readonly policy: string
  readonly service: string
  readonly reason: string
}

/** All of them, with their reasons. The security checklist has them as a table. */
export const unlimitedServices: readonly UnlimitedService[] = [
  {
    kind: "role",
    policy: "the role of each function",
    service: "lambda.amazonaws.com",
    reason: "Lambda takes a role only for a function of the same account, and whoever creates the function needs `iam:PassRole` for it.",
  },
  {
    kind: "topic",
    policy: "the topic of the alarms",
    service: "events.amazonaws.com",
    reason:
      "EventBridge supports no condition in the policy of a topic. If another account knows the name of the topic, its rules can send messages to it. They cannot read any.",
  },
]
