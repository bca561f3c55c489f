import { sharedJson } from "./shared-files.ts"

interface FunctionSettings {
  /** Whether the state machine calls it. */
  readonly step: boolean
  /** Whether it connects to the database. */
  readonly database: boolean
  readonly schedule?: string
  readonly reservedConcurrency?: number
}

interface Settings {
  readonly runtime: string
  readonly architecture: "arm64" | "x86_64"
  readonly handler: string
  readonly memoryMegabytes: number
  readonly timeoutSeconds: number
  readonly temporaryMegabytes: number
  readonly logRetentionDays: number
  readonly functions: { readonly [name: string]: FunctionSettings }
  readonly database: {
    readonly engine: string
    readonly version: string
    readonly class: string
    readonly storageGigabytes: number
    readonly backupDays: number
    readonly name: string
    readonly loadUser: string
    readonly port: number
    /** Parameters of the server, by name: what a connection needs, and what the log contains. */
    readonly parameters: { readonly [name: string]: string }
  }
  readonly event: { readonly retryAttempts: number; readonly maximumAgeSeconds: number; readonly exceptPrefix: string }
  readonly deadLetterDays: number
}

export const settings = sharedJson<Settings>("settings.json")
