/** Rows are all taken up to twice this number. After that, each doubling of the rows adds as many again. */
const perDoubling = 512

/** Rows of a batch, and how many rows each of them stands for. */
export interface SampledRows {
  readonly count: number
  readonly rows: Int32Array
  readonly weights: Float64Array
}

/**
 * A sample of the rows of a delivery that needs no knowledge of how many follow: one row of each 2^k neighbours, where k grows by one each time the rows double.
 * A million rows give 6,000 sampled ones, which say as much as a plain sample of about 1,500. Which row it is depends on its number only, so the sample is the
 * same for any batches.
 */
export class RowSampler {
  #rows = new Int32Array(0)
  #weights = new Float64Array(0)

  /** The sampled rows of a batch that begins at a row of the delivery, from 0. The next call overwrites them. */
  of(start: number, length: number): SampledRows {
    if (length > this.#rows.length) {
      this.#rows = new Int32Array(length)
      this.#weights = new Float64Array(length)
    }
    const [rows, weights] = [this.#rows, this.#weights]
    const end = start + length
    let count = 0
    for (let at = start; at < end; ) {
      const stride = strideAt(at)
      const group = Math.floor(at / stride)
      const row = group * stride + (stride === 1 ? 0 : mixed(group) % stride)
      if (row >= at && row < end) {
        rows[count] = row - start
        weights[count] = stride
        count++
      }
      at = (group + 1) * stride
    }
    return { count, rows, weights }
  }
}

/** The greatest power of two with `perDoubling` such strides below the row. */
function strideAt(row: number): number {
  let stride = 1
  while (row >= 2 * perDoubling * stride) stride *= 2
  return stride
}

/** A whole number of 32 bits without any pattern: the finaliser of MurmurHash3. */
function mixed(group: number): number {
  let bits = Math.imul(group ^ (group >>> 16) ^ 0x5bd1e995, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
