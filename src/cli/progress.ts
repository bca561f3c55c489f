import type { Source } from "../contract/source.ts"
import { counted } from "../errors/counted.ts"
import { fileName } from "../model/file-name.ts"
import type { RunReport } from "../model/run-report.ts"
import { cutToWidth } from "./display-width.ts"
import type { Printer } from "./printer.ts"
import { watchedSource } from "./watched-source.ts"

/** How far a run has come. */
export interface ProgressEvent {
  readonly read: number
  readonly rejected: number
  readonly uri: string
}

const leastMs = 100
/** How long a text stays that names another cause of waiting. */
const heldMs = 5000
/** How often somebody who reads a log wants to hear of a long load. */
const plainMs = 30_000
/** A rate of less time says nothing. */
const leastRateMs = 500
const mostOfName = 40

/** What is known about the file that is being read. */
interface FileProgress {
  readonly uri: string
  readonly size: number | undefined
  readonly begun: number
  phase: "reading" | "hashing" | "loading"
  bytes: number
  read: number
  rejected: number
}

/**
 * Shows how far files are: on a terminal a line that is updated at most ten times a second, and a line for each file that is done if there are
 * several. Elsewhere, a line every half a minute.
 */
export class ProgressDisplay implements Disposable {
  readonly #printer: Printer
  readonly #now: () => number
  readonly #files: number
  readonly #timer: NodeJS.Timeout
  #file: FileProgress | undefined
  #done = 0
  #isSample = false
  #shownAt: number

  /** `files` is how many files are to be loaded. */
  constructor(printer: Printer, files: number, now: () => number = () => performance.now()) {
    this.#printer = printer
    this.#files = files
    this.#now = now
    this.#shownAt = printer.isLive ? Number.NEGATIVE_INFINITY : now()
    // Rows may not come for a while, as while a file is hashed.
    this.#timer = setInterval(() => this.#update(), leastMs * 2)
    this.#timer.unref()
  }

  /** The source, whose reading is shown. */
  watch(source: Source): Source {
    return watchedSource(source, {
      hashing: ({ uri, size }) => {
        const file = this.#current(uri, size)
        // The digest that the load asks for again is computed beside the sample.
        if (file.phase === "reading" && !this.#isSample) file.phase = "hashing"
        this.#update()
      },
      begin: ({ uri, size }) => {
        // A file that is read once more begins anew.
        this.#current(uri, size).bytes = 0
        this.#update()
      },
      read: ({ uri, size }, bytes) => {
        this.#current(uri, size).bytes += bytes
        this.#update()
      },
    })
  }

  /** From here on, a sample of the files is read. */
  sampling(): void {
    this.#isSample = true
  }

  /** From here on, files are loaded. */
  loading(): void {
    this.#isSample = false
    this.#file = undefined
  }

  show({ read, rejected, uri }: ProgressEvent): void {
    const file = this.#current(uri, undefined)
    // The database is open.
    if (file.phase !== "loading") this.#shownAt = Math.min(this.#shownAt, this.#now() - leastMs)
    file.phase = "loading"
    file.read = read
    file.rejected = rejected
    this.#update()
  }

  /** Leaves what the printer shows in place until rows are loaded, but not for long. */
  hold(): void {
    if (this.#printer.isLive) this.#shownAt = this.#now() + heldMs
  }

  /** Call it when a delivery has ended. If it is one of many of a run, it leaves a line: the summary comes when all of them are done. */
  delivered({ deliveries }: RunReport, isOfMany: boolean): void {
    const last = deliveries.at(-1)
    const place = this.#place()
    this.#done++
    if (last !== undefined && this.#printer.isLive && isOfMany) {
      const took = this.#file === undefined ? "" : ` in ${((this.#now() - this.#file.begun) / 1000).toFixed(1)} s`
      void this.#printer.notes([`${place}${shortName(last.uri)}: ${counted(last.read, "row")} read, ${last.outcome}${took}`])
    }
    this.#file = undefined
  }

  /** Removes the line, so that the next output starts at its beginning. */
  clear(): void {
    this.#printer.status("")
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.clear()
  }

  #current(uri: string, size: number | undefined): FileProgress {
    if (this.#file?.uri !== uri) this.#file = { uri, size, begun: this.#now(), phase: "reading", bytes: 0, read: 0, rejected: 0 }
    return this.#file
  }

  #update(): void {
    const now = this.#now()
    if (this.#file === undefined || now - this.#shownAt < (this.#printer.isLive ? leastMs : plainMs)) return
    this.#shownAt = now
    const text = `${this.#place()}${progressText(this.#file, now)}`
    if (this.#printer.isLive) this.#printer.status(text)
    else void this.#printer.notes([text])
  }

  /** `[2/5] `, if there are several files. */
  #place(): string {
    return this.#files > 1 ? `[${Math.min(this.#files, this.#done + 1)}/${this.#files}] ` : ""
  }
}

/** What matters most comes first, because a narrow terminal cuts the end. */
function progressText({ uri, size, begun, phase, bytes, read, rejected }: FileProgress, now: number): string {
  const ms = now - begun
  const hasRate = ms >= leastRateMs && phase === "loading"
  const share = size === undefined || size === 0 || phase === "hashing" ? undefined : Math.min(1, bytes / size)
  const left = share === undefined || share === 0 || share === 1 || !hasRate ? undefined : (ms / share) * (1 - share)
  const parts = [
    `${phase}${share === undefined ? "" : ` ${Math.floor(share * 100)} %`}`,
    ...(left === undefined ? [] : [`${duration(left)} left`]),
    ...(read === 0 ? [] : [counted(read, "row")]),
    ...(rejected === 0 ? [] : [`${count(rejected)} rejected`]),
    ...(hasRate ? [`${count(Math.round((read / ms) * 1000))} rows/s`] : []),
    ...(hasRate && bytes > 0 ? [`${(bytes / ms / 1000).toFixed(1)} MB/s`] : []),
  ]
  return `${shortName(uri)}: ${parts.join(", ")}`
}

function shortName(uri: string): string {
  return cutToWidth(fileName(uri), mostOfName)
}

/** `0:35` or `1:02:03` */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  const two = (value: number) => String(value).padStart(2, "0")
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`
}

function count(value: number): string {
  return value.toLocaleString("en-US")
}
