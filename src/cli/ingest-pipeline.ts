import type { Logger } from "../contract/logger.ts"
import type { Sink } from "../contract/sink.ts"
import type { Source, SourceFile } from "../contract/source.ts"
import type { Reject } from "../model/reject.ts"
import { createPipeline } from "../pipeline/build/create-pipeline.ts"
import type { FilePipeline, LoadPipeline, Pipeline } from "../pipeline/build/pipeline.ts"
import { type InferredContract, inferContract } from "../pipeline/tables/infer.ts"
import { keepTexts } from "../pipeline/tables/keep-texts.ts"
import { pgliteSink } from "../postgres/pglite/pglite.ts"
import { postgresSink } from "../postgres/postgres.ts"
import type { TableName } from "../postgres/sql/quoted-names.ts"
import type { FileGroup } from "./file-groups.ts"
import type { IngestSettings } from "./ingest-settings.ts"
import { sourceOfInputs } from "./inputs/input.ts"
import { readingParser } from "./reading-parser.ts"
import type { SharedSinks } from "./shared-sinks.ts"

/** What the runs of one command share. */
export interface SharedParts {
  readonly sinks: SharedSinks
  /** Further sinks for rejects: a file, and the examples of the summary. */
  readonly rejects: readonly Sink<Reject>[]
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Called before the database is opened. Default: nothing is. */
  readonly opening?: (() => void) | undefined
}

/** The pipeline that loads a group of files. It uses the given contract, or else one that is inferred from the first file. */
export async function ingestPipeline(group: FileGroup, settings: IngestSettings, parts: SharedParts): Promise<LoadPipeline<unknown>> {
  const { name = group.table.table, version } = settings
  const source = firstFileKept(sourceOfInputs(group.files))
  const { load: mode } = settings
  // Whoever lets a file of bad rows empty the table accepts that all of its rows are rejected.
  const budget = mode.mode === "replace" && mode.onAllRejected === "empty" ? { share: 1 } : undefined
  const files = createPipeline({ name, version, budget, logger: parts.logger }).from(source)
  const target = targetSink(group.table, settings, parts.sinks)
  const rows = await trustedRows(files, source, target, group, settings, parts)
  const load = rows.into(target)
  return parts.rejects.reduce((pipeline, sink) => pipeline.rejectsInto(sink), load)
}

async function trustedRows(
  files: FilePipeline,
  source: Source,
  target: Sink<unknown>,
  group: FileGroup,
  settings: IngestSettings,
  parts: SharedParts,
): Promise<Pipeline<unknown>> {
  const { contract, locale, nulls, blanks, unexpected } = settings
  const { signal } = parts
  if (contract.kind === "pipeline") return contract.pipeline(files)
  const parser = group.parser ?? readingParser(settings)
  const parsed = files.parse(parser)
  if (contract.kind === "schema") {
    const isPlain = blanks !== "text" && nulls === undefined && unexpected === undefined
    return (isPlain ? parsed : parsed.normalize({ nulls, blanks, unexpected })).validate(contract.schema)
  }
  const { columns, expected } =
    group.inferred ?? (await contractFor(target, await inferContract(source, { parser, locale, nulls, signal }), parts))
  return parsed.normalize({ columns, nulls, blanks, unexpected }).score({ expected, provisional: true })
}

/** The contract for this target: a column of texts takes the texts of the file, so that later files are written like those before them. */
async function contractFor(
  target: Sink<unknown>,
  inferred: InferredContract,
  { signal, logger, opening }: SharedParts,
): Promise<InferredContract> {
  if (target.textColumns === undefined) return inferred
  opening?.()
  const names = inferred.proposal.columns.map(({ name }) => name)
  return keepTexts(inferred, await target.textColumns({ runId: "infer", signal, logger, asOf: new Date(0) }, names))
}

/** Keeps the first file at the version that was first listed, because a contract inferred from it is only valid for those bytes. */
function firstFileKept(source: Source): Source {
  let first: SourceFile | undefined
  return {
    name: source.name,
    async *files(context) {
      let isFirst = true
      for await (const file of source.files(context)) {
        if (first === undefined) {
          first = file
          // The load asks for the hash again. From here on, every read must return the bytes that were hashed.
          first.sha256?.().catch(() => undefined)
        }
        yield isFirst ? first : file
        isFirst = false
      }
    },
  }
}

/** Rows whose columns are not known before the file is read. */
interface AnyColumns {
  readonly [column: string]: unknown
}

function targetSink(
  { schema, table }: TableName,
  { target, naming, createTable, evolve, lineage, onTargetEmpty, load, contract, unexpected }: IngestSettings,
  sinks: SharedSinks,
): Sink<unknown> {
  if (target.kind === "ndjson") return sinks.rowFile(target.path)
  // Without a contract of the user's, the columns of the table are the ones that are expected.
  const policy = contract.kind === "inferred" ? unexpected : undefined
  const options = { table, schema, naming, createTable, evolve, lineage, onTargetEmpty, unexpected: policy, ...load }
  const { kind } = target
  const sink =
    kind === "postgres"
      ? postgresSink<AnyColumns>({ ...options, url: target.url })
      : pgliteSink<AnyColumns>({ ...options, dir: target.directory })
  // The sink finds columns by their names, and reports a missing one itself.
  return sinks.keep(sink as Sink<unknown>)
}
