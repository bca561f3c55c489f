import type { Issue } from "./issue.ts"

/** The message of an issue, with its column and the place within it: `lines[1].quantity`. */
export function reasonText({ column, path = [], message }: Issue): string {
  if (column === undefined) return message
  const place = path.reduce<string>((above, step) => (typeof step === "number" ? `${above}[${step}]` : `${above}.${step}`), column)
  return message.startsWith(place) ? message : `${place}: ${message}`
}
