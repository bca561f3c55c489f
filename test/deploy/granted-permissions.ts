import { readFile } from "node:fs/promises"
import type { Permission } from "./needed-permissions.ts"

/** A statement of permissions.json. */
export interface Grant {
  readonly sid: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition?: { readonly StringEquals: { readonly "kms:ViaService": readonly string[] } }
  /** Why the statement is there, although no call of a function needs all of its actions. */
  readonly reason?: string
}

export interface Permissions {
  readonly functions: { readonly [name: string]: readonly Grant[] }
  readonly stateMachine: readonly Grant[]
  readonly rule: readonly Grant[]
  readonly schedule: readonly Grant[]
}

export async function grantedPermissions(): Promise<Permissions> {
  return JSON.parse(await readFile(new URL("../../examples/lambda/permissions.json", import.meta.url), "utf8"))
}

/** Fills in placeholders such as `${KeyArn}`. Throws if a value is missing. */
export function withValues(text: string, values: { readonly [placeholder: string]: string }): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`permissions.json has the placeholder ${name}, which has no value here.`)
    return value
  })
}

/** Whether a grant allows an action on a resource. Only resources have wildcards. */
export function allows(
  { actions, resources, condition }: Pick<Grant, "actions" | "resources" | "condition">,
  { action, resource, via }: Permission,
): boolean {
  const services = condition?.StringEquals["kms:ViaService"]
  return (
    actions.includes(action) &&
    resources.some((pattern) => matches(pattern, resource)) &&
    (services === undefined || services.some((service) => service === `${via}.us-east-1.amazonaws.com`))
  )
}

/** By the rules of IAM: an asterisk stands for any text, with slashes too. */
function matches(pattern: string, resource: string): boolean {
  const [first = "", ...rest] = pattern.split("*")
  if (rest.length === 0) return pattern === resource
  if (!resource.startsWith(first)) return false
  const last = rest.pop() ?? ""
  let at = first.length
  for (const piece of rest) {
    const found = resource.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return resource.length - last.length >= at && resource.endsWith(last)
}
