/** A row of a kept batch. */
export interface KeptRow {
  readonly batch: number
  readonly row: number
}

interface Span {
  readonly first: number
  readonly batch: number
  /** The rows of the lines; undefined if every row of the batch has a line. */
  readonly rows: Uint32Array | undefined
}

/** The source row of each line. */
export class LineMap {
  #spans: Span[] = []
  #lines = 0

  get lines(): number {
    return this.#lines
  }

  /** Adds the lines of a batch: one for each row that is 1 in `live`. */
  add(batch: number, live: Uint8Array): void {
    let count = 0
    for (const alive of live) count += alive
    if (count === 0) return
    this.#spans.push({ first: this.#lines, batch, rows: count === live.length ? undefined : liveRows(live, count) })
    this.#lines += count
  }

  /** The row of a line, counted from 0. */
  rowAt(line: number): KeptRow {
    let low = 0
    let high = this.#spans.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#spans[middle]?.first ?? 0) <= line) low = middle
      else high = middle - 1
    }
    const span = this.#spans[low]
    if (span === undefined || line >= this.#lines || line < 0) throw new Error(`there was no line ${line}`)
    const within = line - span.first
    return { batch: span.batch, row: span.rows === undefined ? within : (span.rows[within] ?? 0) }
  }

  clear(): void {
    this.#spans = []
    this.#lines = 0
  }
}

function liveRows(live: Uint8Array, count: number): Uint32Array {
  const rows = new Uint32Array(count)
  let next = 0
  for (let row = 0; row < live.length; row++) if (live[row] === 1) rows[next++] = row
  return rows
}
