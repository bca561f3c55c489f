import { z } from "zod"
import { RowgateError } from "../errors/rowgate-error.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"

/** The configuration in the environment. A variable that is not set is undefined. */
export interface Environment {
  readonly databaseUrl: string | undefined
  readonly logLevel: LogLevel
  /** Weights of the score's dimensions that are set. Code overrides them, and they override the defaults. */
  readonly weights: { readonly [D in Dimension]?: number }
}

/** From the most to the least output. */
export type LogLevel = (typeof logLevels)[number]

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const

const weight = z
  .string()
  .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, "must be a number such as 20 or 0.5")
  .transform(Number)
  .refine((value) => value >= 0, "must not be negative")
  .optional()

const variables = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a connection string such as postgres://user:password@host:5432/database" })
    .optional(),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(", ")}` }).default("error"),
  QUALITY_WEIGHT_COMPLETENESS: weight,
  QUALITY_WEIGHT_ACCURACY: weight,
  QUALITY_WEIGHT_CONSISTENCY: weight,
  QUALITY_WEIGHT_TIMELINESS: weight,
  QUALITY_WEIGHT_UNIQUENESS: weight,
  QUALITY_WEIGHT_VALIDITY: weight,
})

/** The names of all variables, which a test compares with the documentation. */
export const environmentVariables = Object.keys(variables.shape)

/** Variables that may contain a password. No message shows their values. */
const secret = new Set(["DATABASE_URL"])

/** Reads and checks the variables of `docs/configuration.md`; an empty one counts as not set. Throws `CONFIG_INVALID`, which names every invalid one. */
export function readEnvironment(env: { readonly [name: string]: string | undefined }): Environment {
  const set = Object.fromEntries(environmentVariables.map((name) => [name, env[name]?.trim() || undefined]))
  const { data, error } = variables.safeParse(set)
  if (error !== undefined) throw invalid(error.issues.map(({ path, message }) => fault(String(path[0]), set, message)))
  const weights = Object.fromEntries(dimensions.flatMap((name) => entryOf(name, data[`QUALITY_WEIGHT_${upper(name)}`])))
  if (dimensions.every((name) => weights[name] === 0)) throw allZero()
  return {
    databaseUrl: data.DATABASE_URL,
    logLevel: data.LOG_LEVEL,
    weights,
  }
}

function upper<S extends string>(name: S): Uppercase<S> {
  return name.toUpperCase() as Uppercase<S>
}

function entryOf(name: Dimension, value: number | undefined): [Dimension, number][] {
  return value === undefined ? [] : [[name, value]]
}

function fault(name: string, set: { readonly [name: string]: string | undefined }, message: string): { name: string; text: string } {
  return { name, text: secret.has(name) ? `${name} ${message}` : `${name} is "${set[name]}" and ${message}` }
}

function invalid(faults: readonly { readonly name: string; readonly text: string }[]): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `${faults.map(({ text }) => text).join("; ")}.`,
    remedy: "Correct it in the environment or in .env.local, or unset it to use the default.",
    origin: { uri: `environment ${faults.map(({ name }) => name).join(", ")}` },
  })
}

function allZero(): RowgateError {
  const names = dimensions.map((name) => `QUALITY_WEIGHT_${upper(name)}`)
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `${names.join(", ")} are all zero, so no dimension would count.`,
    remedy: "Set at least one of them above zero, or unset one to use its default.",
    origin: { uri: `environment ${names.join(", ")}` },
  })
}
