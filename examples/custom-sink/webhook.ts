import { setTimeout as sleep } from "node:timers/promises"
import { RowgateError, type Sink } from "rowgate"

const attempts = 3
const pauseMs = 100

/** Posts the rows of a delivery to a URL when the delivery is committed. The receiver tells repeated calls by the id of the delivery. */
export function webhook<T>(url: string): Sink<T> {
  return {
    name: "webhook",
    // The server may have taken the rows although its answer was lost. rowgate then sends them again.
    delivery: "at-least-once",
    async open({ signal }, { id }) {
      let rows: T[] = []
      return {
        // A batch is only valid until `write` returns, so keep rows, not batches.
        async write(batch) {
          for (const row of batch.rows) rows.push(row)
        },
        async commit() {
          const body = JSON.stringify(rows)
          // rowgate does not repeat a commit, because only the sink knows whether that is safe. Here the key makes it safe.
          for (let attempt = 1; ; attempt++) {
            const { ok, status } = await fetch(url, { method: "POST", headers: { "idempotency-key": id }, body, signal })
            if (ok) return
            if (status < 500 || attempt === attempts) throw refused(url, status)
            await sleep(pauseMs, undefined, { signal })
          }
        },
        async [Symbol.asyncDispose]() {
          rows = []
        },
      }
    },
  }
}

function refused(url: string, status: number): RowgateError {
  return new RowgateError({ code: "SINK_REFUSED", message: `${url} answers ${status}.`, remedy: "Look into the log of the server." })
}
