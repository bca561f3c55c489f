import type { Logger } from "../contract/logger.ts"
import type { Sink } from "../contract/sink.ts"
import type { Source, SourceFile } from "../contract/source.ts"
import type { Reject } from "../model/reject.ts"
import { autoParser } from "../parsers/auto.ts"
import { createPipeline } from "../pipeline/build/create-pipeline.ts"
import type { FilePipeline, LoadPipeline, Pipeline } from "../pipeline/build/pipeline.ts"
import { inferContract } from "../pipeline/tables/infer.ts"
import { pgliteSink } from "../postgres/pglite/pglite.ts"
import { postgresSink } from "../postgres/postgres.ts"
import type { TableName } from "../postgres/sql/quoted-names.ts"
import { file } from "../sources/file.ts"
import type { IngestSettings } from "./ingest-settings.ts"
import type { SharedSinks } from "./shared-sinks.ts"

/** The files of one table, which are one run. */
export interface FileGroup {
  readonly table: TableName
  readonly files: readonly string[]
}

/** What the runs of one command share. */
export interface SharedParts {
  readonly sinks: SharedSinks
  /** Where rejects go as well: to a file, and to what the summary shows. */
  readonly rejects: readonly Sink<Reject>[]
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** The pipeline that loads a group of files, by the contract that was given or else by one that is inferred from its first file. */
export async function ingestPipeline(group: FileGroup, settings: IngestSettings, parts: SharedParts): Promise<LoadPipeline<unknown>> {
  const { name = group.table.table, version } = settings
  const source = firstFileKept(file(...group.files))
  const files = createPipeline({ name, version, logger: parts.logger }).from(source)
  const rows = await trustedRows(files, source, settings, parts.signal)
  const load = rows.into(targetSink(group.table, settings, parts.sinks))
  return parts.rejects.reduce((pipeline, sink) => pipeline.rejectsInto(sink), load)
}

async function trustedRows(files: FilePipeline, source: Source, settings: IngestSettings, signal: AbortSignal): Promise<Pipeline<unknown>> {
  const { contract, sheet, header } = settings
  if (contract.kind === "pipeline") return contract.pipeline(files)
  const parser = autoParser({
    csv: { header },
    json: { header },
    ndjson: { header },
    xlsx: { sheet, header },
  })
  const parsed = files.parse(parser)
  if (contract.kind === "schema") return parsed.validate(contract.schema)
  const { columns, expected } = await inferContract(source, { parser, signal })
  return parsed.normalize({ columns }).score({ expected, provisional: true })
}

/** The first file stays the version that it was when it was first listed: a contract inferred from it is for those bytes alone. */
function firstFileKept(source: Source): Source {
  let first: SourceFile | undefined
  return {
    name: source.name,
    async *files(context) {
      let isFirst = true
      for await (const file of source.files(context)) {
        if (first === undefined) {
          first = file
          // Its load asks for the hash again. From here on, all that is read of the file are the bytes that it is of.
          first.sha256?.().catch(() => undefined)
        }
        yield isFirst ? first : file
        isFirst = false
      }
    },
  }
}

/** Rows of columns that are known when the file is read, and not before. */
interface AnyColumns {
  readonly [column: string]: unknown
}

function targetSink(
  { schema, table }: TableName,
  { target, naming, createTable, evolve, lineage, onTargetEmpty, load }: IngestSettings,
  sinks: SharedSinks,
): Sink<unknown> {
  if (target.kind === "ndjson") return sinks.rowFile(target.path)
  const options = { table, schema, naming, createTable, evolve, lineage, onTargetEmpty, ...load }
  const { kind } = target
  const sink =
    kind === "postgres"
      ? postgresSink<AnyColumns>({ ...options, url: target.url })
      : pgliteSink<AnyColumns>({ ...options, dir: target.directory })
  // It takes columns by their names, and says so itself where one is missing.
  return sinks.keep(sink as Sink<unknown>)
}
