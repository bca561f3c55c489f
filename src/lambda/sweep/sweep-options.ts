import type { Logger } from "../../contract/logger.ts"
import { loggerKind } from "../../contract/part-kinds.ts"
import type { Storage } from "../../contract/storage.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import {
  abortSignal,
  anyText,
  callback,
  flag,
  having,
  instant,
  list,
  milliseconds,
  needed,
  options,
  position,
  text,
} from "../../options/option-kinds.ts"
import { type S3ConnectionOptions, s3ConnectionSpec } from "../../sources/s3/s3-options.ts"
import type { SweepLedger, SweptFile } from "./sweep-ledger.ts"

/** An object in a landing bucket. */
export interface SweptObject extends SweptFile {
  /** The bucket's name. */
  readonly bucket: string
  /** The object's key. */
  readonly key: string
  /** Its version id, if the bucket has versions. */
  readonly versionId?: string | undefined
  /** Its etag, without quotes. */
  readonly etag?: string | undefined
  /** Its size in bytes. */
  readonly size: number
}

/** A bucket, or a part of it, in which objects arrive. */
export interface SweptLanding {
  /** The bucket's name. */
  readonly bucket: string
  /** Only keys that begin with this text are swept. Default: all. */
  readonly prefix?: string | undefined
  /** The whole bucket as a storage. */
  readonly storage: Storage
}

/** Where the functions keep parts of deliveries. */
export interface SweptProcessing {
  /** The storage. The sweeper keeps its own objects below `.sweep/`. */
  readonly storage: Storage
  /** The folder of the pipeline, such as `orders/`. Each delivery has a folder in it. */
  readonly folder: string
  /** The folder that the delivery of an object has or would have: `orders/4f1c/`. */
  folderOf(object: SweptObject): string
  /** The file that a folder belongs to; undefined if that cannot be found out any more. */
  fileOf(folder: string): Promise<SweptFile | undefined>
}

/** Where the sweeper puts objects that fail again and again. */
export interface SweptArchive {
  /** The bucket's name. */
  readonly bucket: string
  /** Put before every key, such as `archive/`. Default: none. */
  readonly prefix?: string | undefined
  /** How to connect. Default: as the SDK finds region and credentials. */
  readonly s3?: S3ConnectionOptions | undefined
  /** See `archiveObject`. Default: false. */
  readonly unconditionalDelete?: boolean | undefined
}

/**
 * What became of a start: `"running"` means that the delivery is at work already. `failure` is what a delivery ended with that was carried out within the start.
 * Only a delivery that began counts as a try.
 */
export type StartOutcome = "started" | "running" | { readonly failure: unknown }

/** How the sweeper works. */
export interface SweepSettings {
  /** Objects that are younger than this many milliseconds are left to their events. Default: 900,000 (15 minutes). */
  readonly graceMs?: number | undefined
  /** Milliseconds after a try, or after the last change in the folder of its delivery, until an object is tried again. Default: 3,600,000 (an hour). */
  readonly retryMs?: number | undefined
  /** How often an object is started before it is moved to the archive as failed. Default: 3. */
  readonly maxTries?: number | undefined
  /** Milliseconds without a change after which what a delivery left behind is removed. Default: 86,400,000 (a day). */
  readonly keepMs?: number | undefined
  /** The most objects that one call starts. Default: 1,000. */
  readonly maxStarts?: number | undefined
}

/** Options of `sweep`. */
export interface SweepOptions<F> extends SweepSettings {
  /** The pipeline's name. */
  readonly pipeline: string
  /** Where objects arrive. */
  readonly landing: readonly SweptLanding[]
  /** Where the functions keep parts. */
  readonly processing: SweptProcessing
  /** Where objects go that fail again and again. */
  readonly archive: SweptArchive
  /** The ledger. */
  readonly ledger: SweepLedger<F>
  /** Starts the delivery of an object. Throws if it could not start it. */
  start(object: SweptObject): Promise<StartOutcome>
  /** Does a follow-up, and tells the ledger whether that succeeded. Throws what went wrong. */
  followUp(followUp: F): Promise<void>
  /** The instant that counts as now. Default: the current time. */
  readonly now?: Date | undefined
  /** Milliseconds left for this call. With less than 15,000 left it stops; the next call goes on from there. Default: no limit. */
  readonly remainingMs?: (() => number) | undefined
  /** Takes messages about single objects. Default: none. */
  readonly logger?: Logger | undefined
  /** Stops the sweep with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options with their defaults. */
export interface Sweeping<F> extends SweepOptions<F> {
  readonly graceMs: number
  readonly retryMs: number
  readonly maxTries: number
  readonly keepMs: number
  readonly maxStarts: number
  readonly now: Date
  readonly logger: Logger
}

const storage = having<Storage>("a storage", "read", "write", "stat", "list", "remove")

/** What the options of `sweep` take. */
export function sweepSpec<F>(): OptionSpec<SweepOptions<F>> {
  return {
    pipeline: needed(text()),
    landing: needed(
      list(options<SweptLanding>({ bucket: needed(text()), prefix: anyText(), storage: needed(storage) }), "a list of places"),
    ),
    processing: needed(
      options<SweptProcessing>({
        storage: needed(storage),
        folder: needed(text()),
        folderOf: needed(callback()),
        fileOf: needed(callback()),
      }),
    ),
    archive: needed(
      options<SweptArchive>({
        bucket: needed(text()),
        prefix: anyText(),
        s3: options<S3ConnectionOptions>(s3ConnectionSpec),
        unconditionalDelete: flag(),
      }),
    ),
    ledger: needed(having<SweepLedger<F>>("a ledger", "states", "failLostRuns", "takeFollowUps", "lastFailure", "recordFailure")),
    start: needed(callback()),
    followUp: needed(callback()),
    graceMs: milliseconds(),
    retryMs: milliseconds(),
    maxTries: position(),
    keepMs: milliseconds(),
    maxStarts: position(),
    now: instant(),
    remainingMs: callback(),
    logger: loggerKind(),
    signal: abortSignal(),
  }
}
