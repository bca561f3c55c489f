import type { Logger } from "../../contract/logger.ts"
import { loggerKind } from "../../contract/part-kinds.ts"
import type { Storage } from "../../contract/storage.ts"
import type { OptionKind, OptionSpec } from "../../options/option-kind.ts"
import {
  anyText,
  callback,
  either,
  flag,
  fullList,
  having,
  kind,
  milliseconds,
  needed,
  oneOf,
  options,
  position,
  text,
} from "../../options/option-kinds.ts"
import type { LedgerAccess } from "../../postgres/operations/ledger-access.ts"
import type { UrlOptions } from "../../postgres/postgres-options.ts"
import { weightsKind } from "../../score/score-option-spec.ts"
import type { ScoreOptions } from "../../score/score-options.ts"
import { type S3ConnectionOptions, s3ConnectionSpec } from "../../sources/s3/s3-options.ts"
import type { ObjectPlace } from "../events/object-event.ts"
import type { MetricsTarget } from "../observe/metrics-target.ts"
import type { SweepSettings } from "../sweep/sweep-options.ts"

/** Options of `createHandlers`. */
export interface HandlerOptions {
  /** Where files arrive. Events that name an object elsewhere are refused. Default: the bucket in `LANDING_BUCKET`, below `LANDING_PREFIX`. */
  readonly landing?: string | ObjectPlace | readonly ObjectPlace[] | undefined
  /**
   * Where corrected rejects arrive, as `PREFIX` + the id of the delivery + `/` + any name. They are replayed, as `pipeline.replay()` does it. Default:
   * `corrections/` in the landing bucket.
   */
  readonly corrections?: ObjectPlace | undefined
  /** Where the functions keep parts: a bucket, or keys below a prefix. Default: the bucket in `PROCESSING_BUCKET`. */
  readonly processing?: string | ObjectPlace | Storage | undefined
  /** Where delivered objects go: a bucket, or keys below a prefix. Default: the bucket in `ARCHIVE_BUCKET`. */
  readonly archive?: string | ObjectPlace | undefined
  /**
   * Whether to remove a delivered object even if the landing bucket has no versions and its service ignores `If-Match` when it removes an object. An object that
   * replaces the delivered one at that moment is lost then. Default: false; the archive step fails with `CONFIG_INVALID` for such a bucket.
   */
  readonly unconditionalDelete?: boolean | undefined
  /**
   * The database of the ledger: `{ url }` with the options of `postgres()`, or a pool. Default: that of the target if it is `postgres()`, otherwise as
   * `databaseFromEnvironment()` finds it.
   */
  readonly database?: LedgerAccess | Pick<UrlOptions, "url" | "ssl" | "password"> | undefined
  /** How the functions connect to S3. Default: as the SDK finds region and credentials. */
  readonly s3?: S3ConnectionOptions | undefined
  /** Bytes of a part, at least 1,024: about as much of a text file, more of a compressed one. A part has at least one batch. Default: 64 MiB. */
  readonly partBytes?: number | undefined
  /** The most parts that the loader loads in one call without staging them first. Default: 4. */
  readonly directParts?: number | undefined
  /**
   * The most rows that are staged and published in one transaction, which has to end within one call of the loader. A delivery with more is refused before it
   * is staged. Default: 50,000,000.
   */
  readonly mostRows?: number | undefined
  /**
   * Starts the delivery of an object that the sweeper has found. Returns `"running"` if it is at work already. If it throws, the start does not count as a
   * try, and the next sweep starts the delivery again. Default: starts an execution of the state machine in `STATE_MACHINE_ARN`; without that variable,
   * delivers the object in the call of the sweeper.
   */
  readonly start?: ((object: StartedObject) => Promise<"started" | "running">) | undefined
  /** How the sweeper works. */
  readonly sweep?: SweepSettings | undefined
  /** Weights for dimensions that `score` gives no weight. Default: the variables `QUALITY_WEIGHT_...`, then the built-in weights. */
  readonly weights?: ScoreOptions<never>["weights"]
  /** Where the functions log: `jsonLogger()`, `powertoolsLogger(...)`, or a logger of your own. Default: JSON lines, from the level in `LOG_LEVEL` on. */
  readonly logger?: Logger | undefined
  /** Where metrics go: `emfMetrics()` or `powertoolsMetrics(...)`; false for nowhere. Default: `emfMetrics()`, lines that CloudWatch reads as metrics. */
  readonly metrics?: MetricsTarget | false | undefined
}

/** An object that the sweeper starts again. Its JSON is an input for the state machine, and an event for the pipeline handler. */
export interface StartedObject {
  /** The bucket's name. */
  readonly bucket: string
  /** The key, not encoded. */
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Its version id, if the bucket has versions. */
  readonly versionId?: string
  /** Its etag, without quotes. */
  readonly etag?: string
}

const place = options<ObjectPlace>({ bucket: needed(text("the name of a bucket")), prefix: anyText() })
const bucketOrPlace: OptionKind<string | ObjectPlace> = either(text("the name of a bucket"), place)

/** What the options of `createHandlers` take. */
export const handlerOptionSpec: OptionSpec<HandlerOptions> = {
  landing: either(bucketOrPlace, fullList(place, 'a list of places, such as { bucket: "landing" }')),
  corrections: place,
  processing: either(bucketOrPlace, having<Storage>("a storage", "read", "write", "stat", "list", "remove")),
  archive: bucketOrPlace,
  unconditionalDelete: flag(),
  database: kind("a pool, or { url } as postgres() takes it", (value) => {
    return typeof value === "object" && value !== null && ["connect", "query", "url"].some((name) => name in value)
  }),
  s3: options<S3ConnectionOptions>(s3ConnectionSpec),
  partBytes: position(1024),
  directParts: position(),
  mostRows: position(),
  start: callback("a function of an object"),
  sweep: options<SweepSettings>({
    graceMs: milliseconds(),
    retryMs: milliseconds(),
    maxTries: position(),
    keepMs: milliseconds(),
    maxStarts: position(),
  }),
  weights: weightsKind,
  logger: loggerKind(),
  metrics: either(having<MetricsTarget>("a target such as emfMetrics()", "write"), oneOf(false)),
}
