import { describe, expect, test } from "vitest"
import * as cli from "../../src/cli.ts"
import { country } from "../../src/country.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import * as root from "../../src/index.ts"
import * as lambda from "../../src/lambda.ts"
import * as parquet from "../../src/parquet.ts"
import * as pglite from "../../src/pglite.ts"
import { phone } from "../../src/phone.ts"
import * as postgres from "../../src/postgres.ts"
import * as profile from "../../src/profile.ts"
import * as report from "../../src/report.ts"
import * as s3 from "../../src/s3.ts"
import * as score from "../../src/score.ts"
import * as testing from "../../src/testing.ts"
import * as xlsx from "../../src/xlsx.ts"

const { createPipeline, bytes, memory, cell, check, stage } = root

/** A call as JavaScript makes it, without types. */
type AnyCall = (...args: readonly unknown[]) => unknown
const js = (call: unknown) => call as AnyCall
const method =
  (object: object, name: string) =>
  (...args: readonly unknown[]) =>
    js((object as { readonly [name: string]: unknown })[name]).call(object, ...args)

/** The error of a call, thrown or as a rejected promise. */
async function refusal(call: () => unknown): Promise<RowgateError> {
  try {
    await call()
  } catch (error) {
    if (error instanceof RowgateError) return error
    throw error
  }
  throw new Error("The call was accepted.")
}

const pool = { connect: async () => expect.unreachable("nothing connects before the options are checked") }
const rejects = { columns: async () => [], async *[Symbol.asyncIterator]() {} }
const files = createPipeline({ name: "orders" }).from(bytes("id\n1\n"))
const loaded = files.into(memory())
const target = { pool, table: "orders" }
const keyed = { ...target, mode: "upsert", key: ["id"] }

/** The function, its wrong arguments, and a part of the message. */
const wrongCalls: readonly (readonly [name: string, call: unknown, args: readonly unknown[], message: string])[] = [
  // unknown names
  ["run", method(loaded, "run"), [{ dryRun: true }], "run() has no option dryRun."],
  ["run", method(loaded, "run"), [{ asof: new Date() }], "run() has no option asof; did you mean asOf?"],
  ["plan", method(loaded, "plan"), [{ dryRun: true }], "plan() has no option dryRun."],
  ["replay", method(loaded, "replay"), ["id", [], { source: bytes("") }], "replay() has no option source."],
  ["rows", method(files, "rows"), [{ asof: new Date() }], "rows() has no option asof; did you mean asOf?"],
  ["batches", method(files, "batches"), [{ reused: true }], "batches() has no option reused; did you mean reuse?"],
  ["createPipeline", createPipeline, [{ name: "a", batchSize: 5 }], "createPipeline() has no option batchSize."],
  [
    "createPipeline",
    createPipeline,
    [{ name: "a", retry: { attempt: 1 } }],
    "createPipeline() has no option retry.attempt; did you mean retry.attempts?",
  ],
  ["score", method(files, "score"), [{ minimum: { overal: 80 } }], "score() has no option minimum.overal; did you mean minimum.overall?"],
  ["score", method(files, "score"), [{ drift: { refusd: true } }], "score() has no option drift.refusd; did you mean drift.refuse?"],
  ["score", method(files, "score"), [{ drift: { least: 1 } }], "The option drift.least of score() takes a whole number of at least 3"],
  [
    "score",
    method(files, "score"),
    [{ drift: { refuse: ["psi"] } }],
    "The option drift.refuse of score() takes true or false or a list of kinds of drift",
  ],
  ["score", method(files, "score"), [{ weights: { beauty: 1 } }], "score() has no option weights.beauty."],
  ["stage.check", stage.check, [() => undefined, { column: ["a"] }], "check() has no option column; did you mean columns?"],
  ["stage.normalize", stage.normalize, [{ header: {} }], "normalize() has no option header; did you mean headers?"],
  [
    "stage.normalize",
    stage.normalize,
    [{ unexpected: "discard" }],
    'The option unexpected of normalize() takes "evolve", "freeze", "discardColumn" or "rejectRow"',
  ],
  ["csv", root.csv, [{ delimeter: ";" }], "csv() has no option delimeter; did you mean delimiter?"],
  ["tsv", root.tsv, [{ delimiter: ";" }], "tsv() has no option delimiter."],
  ["psv", root.psv, [{ delimiter: ";" }], "psv() has no option delimiter."],
  ["json", root.json, [{ pathh: "/a" }], "json() has no option pathh; did you mean path?"],
  ["ndjson", root.ndjson, [{ path: "/a" }], "ndjson() has no option path."],
  ["xlsx", xlsx.xlsx, [{ sheets: "a" }], "xlsx() has no option sheets; did you mean sheet?"],
  ["parquet", parquet.parquet, [{ limits: { column: 1 } }], "parquet() has no option limits.column; did you mean limits.columns?"],
  [
    "readTables",
    root.readTables,
    ["a.csv", { formats: { csv: { delimeter: ";" } } }],
    "readTables() has no option formats.csv.delimeter; did you mean formats.csv.delimiter?",
  ],
  [
    "splitTables",
    root.splitTables,
    ["a.csv", { by: "rows" }],
    'The option by of splitTables() takes "files", "sheets" or "all"; it got "rows".',
  ],
  ["listTables", root.listTables, ["a.csv", { format: {} }], "listTables() has no option format; did you mean formats?"],
  ["inferContract", profile.inferContract, [bytes(""), { nulls: "-1" }], "The option nulls of inferContract() takes a list of strings"],
  ["inferContract", profile.inferContract, [bytes(""), { row: 1 }], "inferContract() has no option row; did you mean rows?"],
  ["profile", profile.profile, [bytes(""), { column: ["a"] }], "profile() has no option column; did you mean columns?"],
  ["profile", profile.profile, [bytes(""), { columns: "a" }], 'The option columns of profile() takes a list of strings; it got "a".'],
  ["sketchTables", profile.sketchTables, [bytes(""), { row: 1 }], "sketchTables() has no option row; did you mean rows?"],
  ["scoreSource", score.scoreSource, [loaded, { asof: new Date() }], "scoreSource() has no option asof; did you mean asOf?"],
  ["scoreSource", score.scoreSource, [loaded, { asOf: new Date("x") }], "The option asOf of scoreSource() takes a valid Date"],
  ["scoreSource", score.scoreSource, [loaded, { asOf: new Date(), part: -1 }], "The option part of scoreSource() takes a whole number"],
  ["explain", score.explain, [], "explain() takes a delivery of a report"],
  ["stage.check", stage.check, [() => undefined, { mostly: 2 }], "The option mostly of check() takes a number from 0 to 1"],
  ["stage.check", stage.check, [() => undefined, { parameters: new Map() }], "The option parameters of check() takes plain JSON"],
  ["mergeScorecards", score.mergeScorecards, [], "mergeScorecards() takes a list of what scoreSource() returned"],
  ["mergeScorecards", score.mergeScorecards, [[{ overall: 3 }]], "mergeScorecards() takes what scoreSource() returned"],
  ["mergeScorecards", score.mergeScorecards, [[]], "mergeScorecards() needs the score of at least one part."],
  ["detect", profile.detect, [bytes(""), { leest: 0.4 }], "detect() has no option leest; did you mean least?"],
  ["detect", profile.detect, [bytes(""), { least: 2 }], "The option least of detect() takes a number from 0 to 1; it got 2."],
  ["detect", profile.detect, [5], "detect()"],
  ["learn", profile.learn, [bytes(""), { least: 0.4 }], "learn() has no option least"],
  ["toBatches", root.toBatches, [[], { batchrows: 1 }], "toBatches() has no option batchrows; did you mean batchRows?"],
  ["toBatches", root.toBatches, [[], { columns: "a" }], 'The option columns of toBatches() takes a list of column names; it got "a".'],
  ["bytes", root.bytes, ["", { nme: "a" }], "bytes() has no option nme; did you mean name?"],
  ["csvFile", root.csvFile, ["a.csv", { separator: ";" }], "csvFile() has no option separator."],
  ["cell.text", cell.text, [{ Trim: false }], "cell.text() has no option Trim; did you mean trim?"],
  ["cell.text", cell.text, [{ clean: { quote: true } }], "cell.text() has no option clean.quote; did you mean clean.quotes?"],
  ["cell.number", cell.number, [{ local: "de" }], "cell.number() has no option local; did you mean locale?"],
  ["cell.integer", cell.integer, [{ local: "de" }], "cell.integer() has no option local; did you mean locale?"],
  ["cell.decimal", cell.decimal, [{ sclae: 2 }], "cell.decimal() has no option sclae; did you mean scale?"],
  ["cell.boolean", cell.boolean, [{ yes: ["ja"] }], "cell.boolean() has no option yes."],
  ["cell.date", cell.date, [["dd.MM.yyyy"], { timezone: "UTC" }], "cell.date() has no option timezone."],
  ["s3", s3.s3, [{ bucket: "a", prefixx: "b" }], "s3() has no option prefixx; did you mean prefix?"],
  ["s3Storage", s3.s3Storage, [{ bucket: "a", key: "b" }], "s3Storage() has no option key."],
  ["postgres", postgres.postgres, [{ pool, tabel: "a" }], "postgres() has no option tabel; did you mean table?"],
  ["postgres", postgres.postgres, [{ ...target, key: ["id"] }], "postgres() has no option key."],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, mode: "scd2", key: ["id"], newest: "at" }],
    'postgres() in the mode "scd2" has no option newest.',
  ],
  ["pglite", pglite.pglite, [{ directory: "a", table: "b" }], "pglite() has no option directory."],
  [
    "postgresKeys",
    postgres.postgresKeys,
    [{ pool, table: "a", columns: "b" }],
    "postgresKeys() has no option columns; did you mean column?",
  ],
  ["migrate", postgres.migrate, [pool, { down: true }], "migrate() has no option down."],
  ["purge", postgres.purge, [pool, { scope: "all" }], "purge() has no option scope."],
  ["grantLoads", postgres.grantLoads, [pool, { user: "a", tabel: "b" }], "grantLoads() has no option tabel; did you mean table?"],
  ["takeFollowUps", postgres.takeFollowUps, [pool, { topics: "a" }], "takeFollowUps() has no option topics; did you mean topic?"],
  [
    "finishFollowUp",
    postgres.finishFollowUp,
    [pool, 1, { copy: {} }],
    "finishFollowUp() needs the option copy.uri: the address of the copy",
  ],
  [
    "failFollowUp",
    postgres.failFollowUp,
    [pool, 1, "why"],
    "The follow-up of failFollowUp() takes a follow-up from takeFollowUps(); it got 1.",
  ],
  ["pruneFollowUps", postgres.pruneFollowUps, [pool, {}], "pruneFollowUps() needs the option doneBefore"],
  ["forgetCopies", postgres.forgetCopies, [pool, ["a"]], "takes a whole number of at least 1; it got"],
  ["dropStaleParts", postgres.dropStaleParts, [pool, {}], "dropStaleParts() needs the option olderThanMs"],
  ["fileStates", postgres.fileStates, [pool, [{ url: "a" }]], "has no option [0].url; did you mean [0].uri?"],
  ["failLostRuns", postgres.failLostRuns, [pool, { stale: 1 }], "failLostRuns() has no option stale"],
  ["recordFailure", postgres.recordFailure, [pool, { id: "a" }], "recordFailure() needs the option pipeline"],
  ["storedRuns", postgres.storedRuns, [pool, { state: "lost" }], "storedRuns() has no option state."],
  ["storedRun", postgres.storedRun, [pool, "id", { stale: 1 }], "storedRun() has no option stale."],
  ["storedRejects", postgres.storedRejects, [pool, "id", { opened: true }], "storedRejects() has no option opened; did you mean open?"],
  [
    "rejectsCsv",
    postgres.rejectsCsv,
    ["a.csv", rejects, { neutralize: false }],
    "rejectsCsv() has no option neutralize; did you mean neutralise?",
  ],
  ["defineConfig", cli.defineConfig, [{ tables: "a" }], "defineConfig() has no option tables; did you mean table?"],
  [
    "parserContract",
    testing.parserContract,
    [{ create() {}, example() {}, filename: "a" }],
    "parserContract() has no option filename; did you mean fileName?",
  ],
  ["sourceContract", testing.sourceContract, [{ create() {}, few: true }], "sourceContract() has no option few."],
  [
    "sinkContract",
    testing.sinkContract,
    [{ create() {}, deliver: "once" }],
    "sinkContract() has no option deliver; did you mean delivery?",
  ],
  ["crashTrials", testing.crashTrials, [{ program: "a", target() {}, row: 5 }], "crashTrials() has no option row; did you mean rows?"],

  // options that are missing
  ["createPipeline", createPipeline, [], "createPipeline() needs a name"],
  ["createPipeline", createPipeline, [{}], "createPipeline() needs a name"],
  ["postgres", postgres.postgres, [], "postgres() takes an object of options; it got undefined."],
  ["postgres", postgres.postgres, [{ pool }], "postgres() needs the option table: the name of a table."],
  ["postgres", postgres.postgres, [{ table: "a" }], "postgres() needs the option pool or url."],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, url: "postgres://localhost/a" }],
    "postgres() needs one of the options pool and url, and got both.",
  ],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, ssl: true }],
    "postgres() accepts the option ssl only with a url, because a pool has its own.",
  ],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, mode: "upsert" }],
    'postgres() in the mode "upsert" needs the option key: a list of column names.',
  ],
  ["postgres", postgres.postgres, [{ ...keyed, mode: "delete-missing" }], 'postgres() in the mode "delete-missing" needs the option scope'],
  ["pglite", pglite.pglite, [{ table: "a" }], "pglite() needs the option dir or db."],
  ["s3", s3.s3, [{}], "s3() needs the option bucket"],
  ["score", method(files, "score"), [{ timeliness: { slaDays: 1 } }], "score() needs the option timeliness.column"],

  // values of another type
  [
    "postgres",
    postgres.postgres,
    [{ ...target, mode: "merge" }],
    'The option mode of postgres() takes "append", "replace", "upsert", "insert-only", "delete-missing" or "scd2"; it got "merge".',
  ],
  [
    "postgres",
    postgres.postgres,
    [{ ...keyed, key: "id" }],
    'The option key of postgres() in the mode "upsert" takes a list of column names; it got "id".',
  ],
  ["postgres", postgres.postgres, [{ ...keyed, key: [] }], "takes a list of column names; it got an empty list."],
  ["postgres", postgres.postgres, [{ pool, table: 5 }], "The option table of postgres() takes the name of a table; it got 5."],
  [
    "postgres",
    postgres.postgres,
    [{ pool, table: "public.j" }],
    'The option table of postgres() is "public.j", but it takes the name without the schema.',
  ],
  [
    "postgres",
    postgres.postgres,
    [{ pool: {}, table: "a" }],
    "The option pool of postgres() takes a pool, such as new pg.Pool(); it got an object.",
  ],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, naming: "camelCase" }],
    'The option naming of postgres() takes "exact" or "snake_case"; it got "camelCase".',
  ],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, onSameContent: "ignore" }],
    'The option onSameContent of postgres() takes "skip" or "load"; it got "ignore".',
  ],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, columns: { a: 5 } }],
    "The option columns.a of postgres() takes the name of a column; it got 5.",
  ],
  [
    "postgres",
    postgres.postgres,
    [{ ...target, heartbeatMs: Number.POSITIVE_INFINITY }],
    "The option heartbeatMs of postgres() takes a whole number of milliseconds from 1 to 2147483647; it got Infinity.",
  ],
  ["postgres", postgres.postgres, [{ ...keyed, mode: "delete-missing", scope: "all" }], "The option scope of postgres()"],
  ["postgres", postgres.postgres, [{ ...keyed, mode: "delete-missing", scope: {} }], "The option scope of postgres()"],
  [
    "postgres",
    postgres.postgres,
    [{ ...keyed, mode: "delete-missing", scope: { shop: "a", region: undefined } }],
    "The option scope.region of postgres()",
  ],
  [
    "postgres",
    postgres.postgres,
    [{ url: "postgres://localhost/a", table: "a", password: "secret" }],
    "The option password of postgres() takes a function that gives the password; it got a string.",
  ],
  ["postgres", postgres.postgres, [{ url: "", table: "a" }], "The option url of postgres() takes a connection string"],
  ["readEvent", lambda.readEvent, [{}, { bucket: "landing" }], "The places of readEvent() takes a list of places"],
  ["readEvent", lambda.readEvent, [{}, [{ bucket: "landing", prefx: "in/" }]], "did you mean [0].prefix?"],
  ["answerBatch", lambda.answerBatch, [{ objects: [] }, async () => {}], "answerBatch() takes the batch of readEvent(); it got an object."],
  [
    "answerBatch",
    lambda.answerBatch,
    [{ messages: [] }],
    "The second argument of answerBatch() takes a function of a message; it got undefined.",
  ],
  ["answerBatch", lambda.answerBatch, [{ messages: [] }, async () => {}, { canbegin: 1 }], "did you mean canBegin?"],
  ["databaseFromEnvironment", lambda.databaseFromEnvironment, [{ env: {} }], "databaseFromEnvironment() has no option env."],
  [
    "databaseFromEnvironment",
    lambda.databaseFromEnvironment,
    [{ client: {} }],
    "takes a client of @aws-sdk/client-secrets-manager; it got an object.",
  ],
  ["createObserver", lambda.createObserver, [{ logger: console.log }], "The option logger of createObserver() takes a logger with debug"],
  ["createObserver", lambda.createObserver, [{ metrics: true }], "takes a target such as emfMetrics() or false; it got true."],
  ["jsonLogger", lambda.jsonLogger, [{ level: "loud" }], 'The option level of jsonLogger() takes "debug", "info"'],
  ["emfMetrics", lambda.emfMetrics, [{ namespace: "" }], "The option namespace of emfMetrics() takes the name of a namespace"],
  [
    "powertoolsLogger",
    lambda.powertoolsLogger,
    [console],
    "powertoolsLogger() takes a Logger of @aws-lambda-powertools/logger; it got an object.",
  ],
  [
    "powertoolsMetrics",
    lambda.powertoolsMetrics,
    [{}],
    "powertoolsMetrics() takes a Metrics of @aws-lambda-powertools/metrics; it got an object.",
  ],
  ["createHandlers", lambda.createHandlers, [loaded, { partByte: 1 }], "createHandlers() has no option partByte; did you mean partBytes?"],
  [
    "createHandlers",
    lambda.createHandlers,
    [loaded, { landing: { buckt: "a" } }],
    "The option landing of createHandlers() takes the name of a bucket",
  ],
  ["createHandlers", lambda.createHandlers, [loaded, { landing: [] }], "The option landing of createHandlers() takes the name of a bucket"],
  ["createHandlers", lambda.createHandlers, [loaded, { archive: 5 }], "The option archive of createHandlers() takes"],
  ["createHandlers", lambda.createHandlers, [loaded, { directParts: 0 }], "The option directParts of createHandlers() takes"],
  ["createHandlers", lambda.createHandlers, [loaded, { sweep: { maxTrys: 1 } }], "did you mean sweep.maxTries?"],
  ["createHandlers", lambda.createHandlers, [files], "createHandlers()"],
  ["createHandlers", lambda.createHandlers, [{}], "createHandlers()"],
  ["purgeArchive", lambda.purgeArchive, [pool, { archiv: "a" }], "purgeArchive() has no option archiv; did you mean archive?"],
  ["purgeArchive", lambda.purgeArchive, [pool, { files: "yes" }], 'The option files of purgeArchive() takes true or false; it got "yes".'],
  ["purgeArchive", lambda.purgeArchive, [{}], "purgeArchive() takes a pool"],
  ["purgeArchive", lambda.purgeArchive, [pool, {}], "purgeArchive() does not know the archive."],
  ["postgresKeys", postgres.postgresKeys, [{ pool, table: "public.j", column: "a" }], 'The option table of postgresKeys() is "public.j"'],
  ["grantLoads", postgres.grantLoads, [pool, { table: "b" }], "grantLoads() needs the option user"],
  [
    "grantLoads",
    postgres.grantLoads,
    [pool, { user: "a", table: "b", mode: "merge" }],
    'The option mode of grantLoads() takes "append", "replace", "upsert", "insert-only", "delete-missing" or "scd2"; it got "merge".',
  ],
  ["migrate", postgres.migrate, [], "migrate() takes a pool, such as new pg.Pool(); it got undefined."],
  [
    "migrate",
    postgres.migrate,
    [pool, { direction: "sideways" }],
    'The option direction of migrate() takes "up" or "down"; it got "sideways".',
  ],
  [
    "purge",
    postgres.purge,
    [pool, { rejectsOlderThan: "2026-01-01" }],
    'The option rejectsOlderThan of purge() takes a valid Date; it got "2026-01-01".',
  ],
  ["purge", postgres.purge, [undefined], "purge() takes a pool, such as new pg.Pool() or an open database of PGlite; it got undefined."],
  ["storedRuns", postgres.storedRuns, [pool, { status: "done" }], 'it got "done".'],
  ["storedRun", postgres.storedRun, [pool], "The id of storedRun() takes the id of a delivery; it got undefined."],
  ["storedRejects", postgres.storedRejects, [pool, 5], "The delivery of storedRejects() takes the id of a delivery; it got 5."],
  [
    "rejectsNdjson",
    postgres.rejectsNdjson,
    ["a.ndjson", []],
    "The rejects of rejectsNdjson() takes rejects, as storedRejects() returns them; it got a list.",
  ],
  ["correctionWorkbook", report.correctionWorkbook, ["a.xlsx", []], "The rejects of correctionWorkbook() takes rejects"],
  [
    "reportPage",
    report.reportPage,
    [{ deliveries: [] }],
    "reportPage() takes a report, as run() returns it, or a list of reports; it got an object.",
  ],
  ["correctionWorkbook", report.correctionWorkbook, ["a.xlsx", rejects, { colums: [] }], "no option colums; did you mean columns?"],
  ["templateWorkbook", report.templateWorkbook, ["a.xlsx", []], "The columns of templateWorkbook() takes guides"],
  ["tableGuides", postgres.tableGuides, [pool, "orders", { schem: "x" }], "tableGuides() has no option schem; did you mean schema?"],
  ["columnGuides", report.columnGuides, [{}], "columnGuides() takes a schema"],
  ["profilePage", report.profilePage, [{}], "profilePage() takes a list of profiles, as profile() returns them; it got an object."],
  ["profilePage", report.profilePage, [[], { redct: [] }], "profilePage() has no option redct; did you mean redact?"],
  ["ledgerPage", report.ledgerPage, [5], "ledgerPage() takes a list of deliveries, as storedRuns() yields them; it got 5."],
  ["ledgerPage", report.ledgerPage, [[], { page: {} }], "ledgerPage() has no option page; did you mean pages?"],
  ["fromPostgresJs", postgres.fromPostgresJs, [{}], "fromPostgresJs() takes a function that makes a client; it got an object."],
  ["run", method(loaded, "run"), [{ asOf: "2026-01-01" }], 'The option asOf of run() takes a valid Date; it got "2026-01-01".'],
  ["run", method(loaded, "run"), [{ asOf: new Date("never") }], "The option asOf of run() takes a valid Date; it got an invalid date."],
  [
    "run",
    method(loaded, "run"),
    [{ source: 5 }],
    "The option source of run() takes a source, a path, a file: URL, bytes, a Blob or a stream; it got 5.",
  ],
  [
    "run",
    method(loaded, "run"),
    [{ weights: { validity: -1 } }],
    "The option weights.validity of run() takes a number of at least 0; it got -1.",
  ],
  [
    "createPipeline",
    createPipeline,
    [{ name: "a", empty: "ignore" }],
    'The option empty of createPipeline() takes "refuse" or "allow"; it got "ignore".',
  ],
  [
    "createPipeline",
    createPipeline,
    [{ name: "a", budget: { share: 5 } }],
    "The option budget.share of createPipeline() takes a number from 0 to 1; it got 5.",
  ],
  [
    "createPipeline",
    createPipeline,
    [{ name: "a", logger: console.log }],
    "The option logger of createPipeline() takes a logger with debug, info, warn and error; it got a function.",
  ],
  [
    "score",
    method(files, "score"),
    [{ minimum: { overall: 800 } }],
    "The option minimum.overall of score() takes a number from 0 to 100; it got 800.",
  ],
  [
    "score",
    method(files, "score"),
    [{ minimum: { coverage: Number.NaN } }],
    "The option minimum.coverage of score() takes a number from 0 to 100; it got NaN.",
  ],
  [
    "normalize",
    method(files, "normalize"),
    [{ columns: { a: cell.decimal } }],
    "The option columns.a of normalize() takes a normalizer, such as cell.decimal() or cell.date(); it got a function.",
  ],
  ["csv", root.csv, [{ delimiter: 5 }], "The option delimiter of csv() takes a string without line ends, or null; it got 5."],
  ["csv", root.csv, [{ footer: false }], 'The option footer of csv() takes "keep" or "drop"; it got false.'],
  ["csv", root.csv, [{ tables: "each" }], 'The option tables of csv() takes "first" or "all"; it got "each".'],
  ["csv", root.csv, [";"], 'csv() takes an object of options; it got ";".'],
  ["csv", root.csv, [null], "csv() takes an object of options; it got null."],
  ["xlsx", xlsx.xlsx, [{ limits: { entries: "10" } }], 'The option limits.entries of xlsx() takes a number of at least 0; it got "10".'],
  ["xlsx", xlsx.xlsx, [{ sheet: 0 }], "The option sheet of xlsx() takes the name of a sheet, its position from 1 or a pattern; it got 0."],
  ["xlsx", xlsx.xlsx, [{ header: true }], "The option header of xlsx() takes a whole number of at least 1 or false; it got true."],
  ["json", root.json, [{ header: 0 }], "The option header of json() takes true or false or a whole number of at least 1; it got 0."],
  ["cell.date", cell.date, ["dd.MM.yyyy"], 'cell.date() takes a list of patterns, such as ["dd.MM.yyyy"]; it got "dd.MM.yyyy".'],
  ["cell.oneOf", cell.oneOf, [["a", "b"]], "Item [0] of cell.oneOf() takes a string that is not empty; it got a list."],
  ["cell.required", cell.required, [cell.date], "cell.required() takes a normalizer"],
  ["cell.category", cell.category, ["paid"], "cell.category() takes a list of values or an object with the other spellings of each value"],
  ["cell.category", cell.category, [["a"], { accents: false }], "cell.category() has no option accents."],
  ["cell.url", cell.url, [{ protocol: ["https"] }], "cell.url() has no option protocol; did you mean protocols?"],
  [
    "cell.url",
    cell.url,
    [{ defaultProtocol: "https:" }],
    'The option defaultProtocol of cell.url() takes a protocol, such as "https"; it got "https:".',
  ],
  ["phone", phone, [{ land: "DE" }], "phone() has no option land."],
  ["country", country, [{ languages: [] }], "The option languages of country() takes a list of languages"],
  ["cell.epoch", cell.epoch, ["minutes"], 'cell.epoch() takes "seconds" or "milliseconds"; it got "minutes".'],
  ["cell.epoch", cell.epoch, [], 'cell.epoch() takes "seconds" or "milliseconds"; it got undefined.'],
  ["cell.withNulls", cell.withNulls, [cell.integer, ["-"]], "cell.withNulls() takes a normalizer"],
  ["cell.withNulls", cell.withNulls, [cell.integer(), "-"], 'cell.withNulls() takes a list of texts, such as ["N/A", "-"]; it got "-".'],
  ["cell.withNulls", cell.withNulls, [cell.integer(), []], 'cell.withNulls() takes a list of texts, such as ["N/A", "-"]; it got'],
  ["cell.number", cell.number, [{ percent: "yes" }], "The option percent of cell.number() takes true or false"],
  ["cell.date", cell.date, [["dd.MM.yy"], { pivot: "1950" }], "The option pivot of cell.date() takes a whole number"],
  ["file", root.file, [["a.csv"]], "Item [0] of file() takes a path or a file: URL; it got a list."],
  ["file", root.file, ["a.csv", { nme: "b" }], "file() has no option nme; did you mean name?"],
  ["file", root.file, [5, { name: "b" }], "The path of file() takes a path or a file: URL; it got 5."],
  ["file", root.file, ["a.csv", "b.csv", { name: "c" }], "Item [2] of file() takes a path or a file: URL; it got an object."],
  ["file", root.file, [new URL("https://example.com/a.csv")], "takes a path or a file: URL"],
  ["ndjsonFile", root.ndjsonFile, [], "ndjsonFile() takes a path; it got undefined."],
  ["check.unique", check.unique, [["a", "b"]], "Item [0] of check.unique() takes the name of a column; it got a list."],
  ["check.unique", check.unique, [], "check.unique() takes names of columns, one after another; it got an empty list."],
  [
    "check.foreignKey",
    check.foreignKey,
    ["a", "b"],
    'The known keys of check.foreignKey() takes a list, or an object with the function keys; it got "b".',
  ],

  // parts of a pipeline
  [
    "from",
    method(createPipeline({ name: "a" }), "from"),
    [undefined],
    "from() takes a source, a path, a file: URL, bytes, a Blob or a stream; it got undefined.",
  ],
  [
    "from",
    method(createPipeline({ name: "a" }), "from"),
    [new URL("https://example.com/a.csv")],
    "from() takes a source, a path, a file: URL",
  ],
  ["from", method(createPipeline({ name: "a" }), "from"), [{ files: [] }], "from() takes a source, a path, a file: URL"],
  ["from", method(createPipeline({ name: "a" }), "from"), ["a.csv", { nme: "b" }], "from() has no option nme; did you mean name?"],
  [
    "from",
    method(createPipeline({ name: "a" }), "from"),
    [new Blob([]), { maxBytes: "1 MB" }],
    'The option maxBytes of from() takes a number of at least 0; it got "1 MB".',
  ],
  [
    "fromRows",
    method(createPipeline({ name: "a" }), "fromRows"),
    [{}],
    "fromRows() takes rows, such as an array or a generator of objects; it got an object.",
  ],
  ["parse", method(files, "parse"), [root.csv], "parse() takes a parser, such as csv(); it got a function."],
  ["pipe", method(files, "pipe"), [{}], "pipe() takes a stage, such as stage.filter(...); it got an object."],
  ["check", method(files, "check"), [undefined], "check() takes a function of a row"],
  ["check", method(files, "check"), [{ kind: "row", name: "a", test() {} }], "check() takes a function of a row"],
  ["validate", method(files, "validate"), [{}], "validate() takes a schema"],
  ["into", method(files, "into"), [undefined], "into() takes a sink, such as postgres({ ... }); it got undefined."],
  ["rejectsInto", method(loaded, "rejectsInto"), ["a.ndjson"], 'rejectsInto() takes a sink, such as postgres({ ... }); it got "a.ndjson".'],
  ["compose", root.compose, [[stage.filter(() => true)]], "Item [0] of compose() takes a stage"],
  ["stage.validate", stage.validate, [{}], "validate() takes a schema"],
  ["filter", method(files, "filter"), [true], "filter() takes a function of a row; it got true."],
  ["map", method(files, "map"), [{}], "map() takes a function of a row; it got an object."],
  ["computed", method(files, "computed"), ["a"], "computed() takes a function of a row; it got undefined."],
  ["computed", method(files, "computed"), [() => 1], "The name of computed() takes the name of a column; it got a function."],
  [
    "constant",
    method(files, "constant"),
    ["a", undefined],
    "constant() takes a string, a number, true, false or a Date; it got undefined.",
  ],
  ["stage.filter", stage.filter, [true], "filter() takes a function of a row; it got true."],
  ["stage.map", stage.map, [{}], "map() takes a function of a row; it got an object."],
  ["stage.computed", stage.computed, ["a"], "computed() takes a function of a row; it got undefined."],
  ["stage.constant", stage.constant, ["a", {}], "constant() takes a string, a number, true, false or a Date; it got an object."],
  [
    "check.run",
    check.run,
    [{ kind: "run", name: "a" }],
    "check.run() takes an object with the functions begin and test; it got an object.",
  ],
]

/** The functions of a face, without its classes. */
function namesIn(face: object): readonly string[] {
  return Object.entries(face).flatMap(([name, value]) => (typeof value === "function" && !/^[A-Z]/.test(name) ? [name] : []))
}

describe("a call that the compiler would refuse is refused in JavaScript", () => {
  test.each(wrongCalls)("%s(): case %#", async (_name, call, args, message) => {
    const error = await refusal(() => js(call)(...args))
    expect(error.message).toContain(message)
    expect(error.remedy).toMatch(/^[A-Z].*\.$/s)
    expect(["CONFIG_INVALID", "PIPELINE_INVALID", "SCHEMA_INVALID"]).toContain(error.code)
  })

  test("in every public function that takes an argument", () => {
    /** They take no argument, or only serve the processes of `crashTrials`. */
    const others = ["cell.json", "memory", "runCli", "postgresFaults", "processFaults", "crashLoader"]
    const faces = [root, cli, lambda, parquet, pglite, postgres, profile, report, s3, score, testing, xlsx]
    const namespaced = Object.entries({ cell, check, stage }).flatMap(([name, face]) => namesIn(face).map((each) => `${name}.${each}`))
    const functions = [...faces.flatMap(namesIn), ...namespaced]
    const tried = new Set(wrongCalls.map(([name]) => name))
    expect(functions.length).toBeGreaterThan(40)
    expect(functions.filter((name) => !tried.has(name) && !others.includes(name))).toEqual([])
  })

  test("in every method of a pipeline", () => {
    const tried = new Set(wrongCalls.map(([name]) => name))
    const methods = [createPipeline({ name: "a" }), files, loaded].flatMap(namesIn)
    expect(methods.length).toBeGreaterThan(20)
    expect(methods.filter((name) => !tried.has(name))).toEqual([])
  })
})

test("no message shows a connection string or a password", async () => {
  const secret = "postgres://me:hunter2@localhost/a"
  for (const options of [
    { url: 5, table: secret.length },
    { url: secret, table: "a", password: secret },
    { url: secret, table: "a", tabel: 1 },
  ]) {
    const { message, remedy } = await refusal(() => js(postgres.postgres)(options))
    expect(`${message} ${remedy}`).not.toContain("hunter2")
  }
})

test("an option that is undefined counts as not given, even if it is unknown", () => {
  expect(js(root.csv)({ delimiter: undefined, limits: undefined, delimeter: undefined })).toMatchObject({ name: "csv" })
  expect(js(postgres.postgres)({ ...target, url: undefined, mode: undefined, key: undefined })).toMatchObject({ name: "postgres:orders" })
})
