import { blankFirst, paddingBytes, type RecordScanner, type ScannerOptions, strideOf } from "./record-scanner.ts"
import { resultAt, scanModule } from "./simd/scan-module.ts"
import { scanParameters } from "./simd/scan-registers.ts"
import { type WebAssemblyEngine, type WebAssemblyMemory, webAssembly } from "./simd/web-assembly.ts"

const pageBytes = 65_536
const noByte = 0xff
const noRow = 0xffffffff

let compiled: object | null | undefined

/** The scanner's code, compiled once per process; null if the engine has no WebAssembly or no SIMD. */
function compiledModule(engine: WebAssemblyEngine): object | null {
  if (compiled !== undefined) return compiled
  try {
    compiled = new engine.Module(scanModule())
  } catch {
    compiled = null
  }
  return compiled
}

/**
 * A scanner for dialects with a one-byte delimiter and doubled quotes. It reads sixteen bytes at once and is more than three times as fast as
 * `ByteScanner`. Undefined for other dialects, or if the engine has no SIMD.
 */
export function simdScanner(options: ScannerOptions): RecordScanner | undefined {
  const { delimiter = "", escape: escaping, padded, collapsed, comment = "" } = options.dialect
  if (delimiter.length > 1 || comment.length > 1 || escaping !== undefined || padded || collapsed) return undefined
  const module = webAssembly === undefined ? null : compiledModule(webAssembly)
  return webAssembly === undefined || module === null ? undefined : new SimdScanner(webAssembly, module, options)
}

class SimdScanner implements RecordScanner {
  readonly width: number
  readonly rowLimit: number
  readonly stride: number
  window: Buffer
  cells: Uint32Array
  rowStarts: Uint32Array
  fixups: Uint32Array
  blanks: Uint32Array
  strays: Uint32Array
  fixupCount = 0
  blankCount = 0
  strayCount = 0
  position = 0
  rows = 0
  lines = 0
  readonly #memory: WebAssemblyMemory
  readonly #scan: (...parameters: number[]) => void
  readonly #parameters: number[]
  readonly #at: {
    readonly rowStarts: number
    readonly fixups: number
    readonly blanks: number
    readonly strays: number
    readonly cells: number
    readonly window: number
  }
  #results: Uint32Array
  #beforeStrays: Uint32Array

  constructor(engine: WebAssemblyEngine, module: object, { dialect, width, rowLimit, windowBytes }: ScannerOptions) {
    this.width = width
    this.rowLimit = rowLimit
    this.stride = strideOf(rowLimit)
    const firsts = 64
    const rowStarts = firsts + 256
    const fixups = rowStarts + 4 * (rowLimit + 1)
    const blanks = fixups + 4 * rowLimit * width
    const strays = blanks + 4 * rowLimit * width + 4
    const cells = aligned(strays + 4 * (rowLimit + 1))
    const window = aligned(cells + 8 * width * this.stride) + 64
    this.#at = { rowStarts, fixups, blanks, strays, cells, window }
    this.#memory = new engine.Memory({ initial: pagesFor(window + windowBytes + paddingBytes) })
    const scan = new engine.Instance(module, { env: { memory: this.#memory } }).exports["scan"]
    this.#scan = scan as (...parameters: number[]) => void
    const byte = (character: string | undefined, otherwise: number) => character?.charCodeAt(0) ?? otherwise
    const delimiter = byte(dialect.delimiter, noByte)
    const settings: { readonly [name in (typeof scanParameters)[number]]: number } = {
      base: window,
      from: 0,
      end: 0,
      delimiter,
      quote: byte(dialect.quote, delimiter),
      lineEnd: 10,
      otherLineEnd: dialect.lineEnd === "\r" ? 13 : 10,
      comment: byte(dialect.comment, -1),
      keepBlank: width === 1 ? 1 : 0,
      row: 0,
      rowLimit,
      starts: cells,
      toEnds: 4 * width * this.stride,
      stride: 4 * this.stride,
      width,
      rowStarts,
      fixups,
      strays,
      blanks,
      blankFirst: firsts,
    }
    new Uint8Array(this.#memory.buffer).set(blankFirst(dialect), firsts)
    this.#parameters = scanParameters.map((name) => settings[name])
    const views = this.#views()
    this.window = views.window
    this.cells = views.cells
    this.rowStarts = views.rowStarts
    this.fixups = views.fixups
    this.blanks = views.blanks
    this.strays = views.strays
    this.#results = views.results
    this.#beforeStrays = views.beforeStrays
  }

  reserve(bytes: number): void {
    const pages = pagesFor(this.#at.window + bytes + paddingBytes) - this.#memory.buffer.byteLength / pageBytes
    if (pages <= 0) return
    this.#memory.grow(pages)
    const views = this.#views()
    this.window = views.window
    this.cells = views.cells
    this.rowStarts = views.rowStarts
    this.fixups = views.fixups
    this.blanks = views.blanks
    this.strays = views.strays
    this.#results = views.results
    this.#beforeStrays = views.beforeStrays
  }

  scan(from: number, end: number, row: number): number {
    const parameters = this.#parameters
    parameters[fromAt] = from
    parameters[endAt] = end
    parameters[rowAt] = row
    parameters[fixupsAt] = this.#at.fixups + 4 * this.fixupCount
    parameters[blanksAt] = this.#at.blanks + 4 * this.blankCount
    parameters[straysAt] = this.#at.strays + 4 * this.strayCount
    if (this.strayCount === 0) this.#beforeStrays[0] = noRow
    this.window.fill(0, end, end + paddingBytes)
    this.#scan(...parameters)
    const results = this.#results
    const result = (at: number) => results[at >> 2] ?? 0
    this.fixupCount += result(resultAt.fixups) >> 2
    this.blankCount += result(resultAt.blanks) >> 2
    this.strayCount += result(resultAt.strays) >> 2
    this.position = result(resultAt.position)
    this.rows = result(resultAt.rows)
    this.lines = result(resultAt.lines)
    return result(resultAt.status)
  }

  #views() {
    const { buffer } = this.#memory
    const { rowStarts, fixups, blanks, strays, cells, window } = this.#at
    return {
      window: Buffer.from(buffer, window),
      cells: new Uint32Array(buffer, cells, 2 * this.width * this.stride),
      rowStarts: new Uint32Array(buffer, rowStarts, this.rowLimit + 1),
      fixups: new Uint32Array(buffer, fixups, this.rowLimit * this.width),
      blanks: new Uint32Array(buffer, blanks, this.rowLimit * this.width),
      strays: new Uint32Array(buffer, strays, this.rowLimit + 1),
      beforeStrays: new Uint32Array(buffer, strays - 4, 1),
      results: new Uint32Array(buffer, 0, 16),
    }
  }
}

const fromAt = scanParameters.indexOf("from")
const endAt = scanParameters.indexOf("end")
const rowAt = scanParameters.indexOf("row")
const blanksAt = scanParameters.indexOf("blanks")
const straysAt = scanParameters.indexOf("strays")
const fixupsAt = scanParameters.indexOf("fixups")

function aligned(address: number): number {
  return (address + 63) & ~63
}

function pagesFor(bytes: number): number {
  return Math.ceil(bytes / pageBytes)
}
