import { z } from "zod"
import { RowgateError } from "../errors/rowgate-error.ts"
import { type VariableFault, type VariableWeights, weightsOfVariables, weightVariables } from "../score/weight-variables.ts"

/** The configuration in the environment. A variable that is not set is undefined. */
export interface Environment {
  readonly databaseUrl: string | undefined
  readonly logLevel: LogLevel
  /** Weights of the score's dimensions that are set. Code overrides them, and they override the defaults. */
  readonly weights: VariableWeights
}

/** From the most to the least output. */
export type LogLevel = (typeof logLevels)[number]

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const

const variables = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a connection string such as postgres://user:password@host:5432/database" })
    .optional(),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(", ")}` }).default("error"),
})

/** The names of all variables, which a test compares with the documentation. */
export const environmentVariables: readonly string[] = [...Object.keys(variables.shape), ...weightVariables]

/** Variables that may contain a password. No message shows their values. */
const secret = new Set(["DATABASE_URL"])

/** Reads and checks the variables of `docs/configuration.md`; an empty one counts as not set. Throws `CONFIG_INVALID`, which names every invalid one. */
export function readEnvironment(env: { readonly [name: string]: string | undefined }): Environment {
  const set = Object.fromEntries(environmentVariables.map((name) => [name, env[name]?.trim() || undefined]))
  const { data, error } = variables.safeParse(set)
  const { weights, faults } = weightsOfVariables(env)
  const others = (error?.issues ?? []).map(({ path, message }) => fault(String(path[0]), set, message))
  if (data === undefined || faults.length > 0) throw invalid([...others, ...faults])
  return {
    databaseUrl: data.DATABASE_URL,
    logLevel: data.LOG_LEVEL,
    weights,
  }
}

function fault(name: string, set: { readonly [name: string]: string | undefined }, message: string): VariableFault {
  return { name, text: secret.has(name) ? message : `is "${set[name]}" and ${message}` }
}

function invalid(faults: readonly VariableFault[]): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `${faults.map(({ name, text }) => `${name} ${text}`).join("; ")}.`,
    remedy: "Correct it in the environment or in .env.local, or unset it to use the default.",
    origin: { uri: `environment ${faults.map(({ name }) => name).join(", ")}` },
  })
}
