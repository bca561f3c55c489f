/** What the build knows about a function of examples/lambda. Modules are named by their paths from the root, packages by their names. */
export interface LambdaFunction {
  /** The handlers' modules that it calls. The bundle leaves out those of other functions. */
  readonly steps: readonly string[]
  /** What else is behind `import()` and is never loaded by the function. A folder ends with a slash. */
  readonly without: readonly string[]
  /** What its calls load with `import()`, beginning with what most of them load. */
  readonly loads: readonly string[]
}

const s3 = "src/sources/s3/sdk.ts"
const database = ["src/postgres/sql-sink.ts", "src/postgres/connection/open-database.ts", "src/postgres/operations/open-ledger.ts", "pg"]
/** What every connection to the database loads. */
const connecting = ["src/lambda/secrets/environment-login.ts", "pg"]
/** What every load into a table that exists loads. */
const loading = ["src/postgres/connection/open-database.ts", "src/postgres/sql-sink.ts", "src/postgres/merge/merge-load.ts"]
const secrets = ["src/lambda/secrets/secrets-sdk.ts", "@aws-sdk/rds-signer"]
const previews = "src/pipeline/run/preview.ts"
const wholeRuns = [previews, "src/pipeline/run/run.ts", "src/pipeline/replay/replay.ts"]

const normalization = "src/normalize/normalization.ts"
const validation = ["src/validate/validation.ts", "src/validate/begin-test.ts"]

/** Functions that work on parts read no files. They write to no database either, but a check may ask one, with a pool of its own. */
const onParts = [...wholeRuns, ...database, "src/parsers/"]

/** Corrections are workbooks, csv or ndjson, and are not searched for suspect cells. */
const notCorrected = ["src/parsers/parquet/", "src/pipeline/run/suspect-search.ts"]

function step(name: string): string {
  return `src/lambda/handlers/${name}.ts`
}

/** The functions of examples/lambda, each a module that exports `handler`. */
export const lambdaFunctions = {
  parser: {
    steps: [step("parse-step")],
    without: [...wholeRuns, ...database, ...secrets],
    loads: [step("parse-step"), s3, normalization, ...validation, "src/parsers/csv/read-csv.ts"],
  },
  normalizer: { steps: [step("part-steps")], without: [...onParts, ...secrets], loads: [step("part-steps"), s3, normalization] },
  validator: { steps: [step("part-steps")], without: onParts, loads: [step("part-steps"), s3, ...validation] },
  scorer: {
    steps: [step("part-steps"), step("merge-parts")],
    without: [...onParts, ...secrets],
    loads: [s3, step("part-steps"), step("merge-parts")],
  },
  loader: {
    steps: [step("load-step")],
    without: [previews, ...notCorrected],
    loads: [step("load-step"), s3, ...connecting, ...loading, step("load-delivery")],
  },
  sweeper: {
    steps: [step("sweep-deliveries")],
    without: [previews, ...notCorrected],
    loads: [step("sweep-deliveries"), s3, ...connecting, "src/postgres/operations/open-ledger.ts"],
  },
  migrate: { steps: [], without: [], loads: ["src/lambda/secrets/environment-login.ts"] },
  "one-call": {
    steps: [step("run-objects")],
    without: [previews],
    loads: [step("run-objects"), s3, ...connecting, ...loading, normalization, ...validation, "src/parsers/csv/read-csv.ts"],
  },
} as const satisfies { readonly [name: string]: LambdaFunction }

export type FunctionName = keyof typeof lambdaFunctions
