import { readFileSync } from "node:fs"

/** What the tests need of examples/lambda/settings.json. */
export interface Settings {
  readonly runtime: string
  readonly architecture: string
  readonly memoryMegabytes: number
  readonly timeoutSeconds: number
  readonly logRetentionDays: number
  readonly functions: {
    readonly [name: string]: { readonly step: boolean; readonly database: boolean; readonly reservedConcurrency?: number }
  }
  readonly database: {
    readonly version: string
    readonly class: string
    readonly storageGigabytes: number
    readonly backupDays: number
    readonly parameters: { readonly [name: string]: string }
  }
}

export function readSettings(): Settings {
  return JSON.parse(readFileSync(new URL("../../examples/lambda/settings.json", import.meta.url), "utf8"))
}
