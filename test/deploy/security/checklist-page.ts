import { readFileSync } from "node:fs"
import { readSettings } from "../settings.ts"

/** What a role may do for a reason that no request shows. */
export interface ReasonedGrant {
  readonly role: string
  readonly sid: string
  readonly actions: readonly string[]
  readonly reason: string
}

/** The lines of the tables below a heading of docs/security-checklist.md, without their headers. */
export function checklistLines(heading: string): readonly string[] {
  const page = readFileSync(new URL("../../../docs/security-checklist.md", import.meta.url), "utf8")
  const [, section] = page.split(new RegExp(`^#+ ${heading}\n`, "m"))
  if (section === undefined) throw new Error(`The security checklist has no heading "${heading}".`)
  return section.split(/^#/m, 1)[0]?.match(/^\| (?!Statement|Policy|Item|-).*$/gm) ?? []
}

/** Grants as lines of the security checklist. Roles with the same grant and the same reason share a line. */
export function grantLines(grants: readonly ReasonedGrant[]): readonly string[] {
  const shared = new Map<string, string[]>()
  for (const { role, ...grant } of grants) {
    const text = JSON.stringify(grant)
    shared.set(text, [...(shared.get(text) ?? []), role])
  }
  return [...shared].map(([text, roles]) => {
    const { sid, actions, reason }: ReasonedGrant = JSON.parse(text)
    return `| \`${sid}\` | ${rolesText(roles)} | ${actions.map((action) => `\`${action}\``).join(", ")} | ${reason} |`
  })
}

function rolesText(roles: readonly string[]): string {
  const all = Object.keys(readSettings().functions)
  if (all.every((name) => roles.includes(name)) && roles.length === all.length) return "all functions"
  return roles.map((role) => (role === "stateMachine" ? "state machine" : role)).join(", ")
}
