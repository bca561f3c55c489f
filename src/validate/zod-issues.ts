import type { StandardSchemaV1 } from "@standard-schema/spec"

/** An issue as a check of zod leaves it, before zod words it. */
interface RawIssue {
  readonly code?: string
  readonly message?: string
  readonly path?: readonly PropertyKey[]
  /** The check. */
  readonly inst?: { readonly _zod?: { readonly def?: { readonly error?: (issue: unknown) => unknown } } }
}

/** Words issues as zod does if the check has a message of its own. */
export function wordedIssues(issues: readonly unknown[]): readonly StandardSchemaV1.Issue[] {
  if (issues.length === 0) return [{ message: "Invalid input" }]
  return issues.map((given) => {
    const { code = "custom", message, path = [], inst } = given as RawIssue
    const own = message ?? textOf(inst?._zod?.def?.error?.(given)) ?? "Invalid input"
    const issue: StandardSchemaV1.Issue & { readonly code: string } = { code, message: own, path }
    return issue
  })
}

function textOf(message: unknown): string | undefined {
  if (typeof message === "string") return message
  return typeof message === "object" && message !== null && "message" in message ? textOf(message.message) : undefined
}
