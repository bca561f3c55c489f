import assert from "node:assert/strict"
import type { ColumnSpec } from "../model/column-spec.ts"
import { checkOptions } from "../options/check-options.ts"
import { callback, flag, needed, oneOf } from "../options/option-kinds.ts"
import type { ContractCase } from "./contract-case.ts"
import { contractBatch, contractColumns, contractRows, lentBatch } from "./contract-table.ts"
import { inTime } from "./in-time.ts"
import { onceContract } from "./once-contract.ts"
import type { ContractRow, SinkContractOptions } from "./sink-contract-options.ts"
import { SinkTrial } from "./sink-trial.ts"

/**
 * The promises of every sink, as cases that you can register with any test runner. Each case makes its own target with `create`.
 *
 * - Rows appear with the commit, all at once, and not before. Without a commit, nothing is left.
 * - Every row is accounted for.
 * - Values and column names arrive unchanged.
 * - A batch is no longer needed when `write` resolves.
 * - Deliveries do not affect each other.
 * - An abort ends soon.
 *
 * With `delivery: "once"`, the same bytes are loaded only once, no matter when the sink finds out.
 */
export function sinkContract(options: SinkContractOptions): readonly ContractCase[] {
  checkOptions("sinkContract()", options, {
    create: needed(callback()),
    delivery: oneOf("once", "at-least-once"),
    visible: oneOf("commit", "close"),
    readMeanwhile: flag(),
  })
  const { delivery = "at-least-once", visible = "commit", readMeanwhile = true } = options
  const on = (work: (trial: SinkTrial) => Promise<void>, columns?: readonly ColumnSpec[]) => SinkTrial.on(options, work, columns)
  const batch = (count: number, first = 1) => contractBatch(contractColumns, contractRows(count, first), first)
  const cases: ContractCase[] = [
    {
      name: `says that its delivery is ${delivery}`,
      run: () => on(async ({ sink }) => assert.equal(sink.delivery, delivery)),
    },
    {
      name: "shows every row once it is committed, and none before",
      run: () =>
        on(async (trial) => {
          await using one = await trial.open()
          for (const first of [1, 1_001, 2_001]) {
            await one.write(batch(1_000, first))
            if (readMeanwhile) assert.equal((await trial.rows()).length, 0, "rows appear while they are written")
          }
          const settled = await one.settle()
          assert.equal(settled.duplicateOf, undefined)
          if (readMeanwhile) assert.equal((await trial.rows()).length, 0, "rows appear before the commit")
          await one.commit()
          if (visible === "commit" && readMeanwhile) assert.equal((await trial.rows()).length, 3_000, "rows are missing after the commit")
          assert.deepEqual(await trial.finalRows(), contractRows(3_000))
        }),
    },
    {
      name: "undoes what was written if it is disposed without a commit, and accepts the same bytes later",
      run: () =>
        on(async (trial) => {
          const content = "given up"
          {
            await using one = await trial.open({ content })
            await one.write(batch(500))
          }
          {
            await using one = await trial.open({ content })
            await one.write(batch(500))
            await one.settle()
          }
          await trial.deliver([batch(3)], { content })
          assert.deepEqual(await trial.finalRows(), contractRows(3))
        }),
    },
    ...(["refused", "only tried"] as const).map((ending) => ({
      name: `leaves no row of a delivery that is ${ending}, and accepts the same bytes later`,
      run: () =>
        on(async (trial) => {
          {
            await using one = await trial.open({ content: ending, dryRun: ending === "only tried" })
            await one.write(batch(500))
            await one.refuse()
          }
          assert.deepEqual(await trial.finalRows(), [])
          await trial.deliver([batch(3)], { content: ending })
          assert.deepEqual(await trial.finalRows(), contractRows(3))
        }),
    })),
    {
      name: "keeps its rows if it is disposed after the commit, once or twice",
      run: () =>
        on(async (trial) => {
          const one = await trial.open()
          await one.write(batch(3))
          await one.commit()
          await one[Symbol.asyncDispose]()
          await one[Symbol.asyncDispose]()
          assert.deepEqual(await trial.finalRows(), contractRows(3))
        }),
    },
    {
      name: "loads neither failed nor filtered rows",
      run: () =>
        on(async (trial) => {
          const given = batch(10)
          given.fail(2, { code: "contract.failed", message: "a check said no" })
          given.drop(4)
          await using one = await trial.open()
          await one.write(given)
          const { loaded } = await one.commit()
          assert.equal(loaded, 8)
          assert.deepEqual(
            await trial.finalRows(),
            contractRows(10).filter((_, row) => row !== 2 && row !== 4),
          )
        }),
    },
    {
      name: "accounts for every row that it receives, with the origin and the reasons of those that it refuses",
      run: () =>
        on(async (trial) => {
          const rows = [...contractRows(4), { ...contractRows(1, 5)[0], id: null }, ...contractRows(2, 6)]
          const result = await trial.deliver([contractBatch(contractColumns, rows)])
          const { refused, refusedCount } = result
          assert.equal(refusedCount, refused.length, "the count of refused rows differs from their list")
          assert.equal(result.loaded + result.superseded + result.skipped + refused.length, rows.length)
          for (const { origin, issues } of refused) {
            assert.equal(origin.row, 5, "the refused row is the fifth")
            assert.ok(issues.length > 0, "a row is refused without a reason")
          }
          assert.equal((await trial.finalRows()).length, result.loaded)
        }),
    },
    {
      name: "returns unusual values unchanged, or refuses their rows",
      run: () =>
        on(
          async (trial) => {
            const rows = oddTexts.map((name, id): ContractRow => ({ id, name, amount: oddAmounts[id] ?? null }))
            const result = await trial.deliver([contractBatch(contractColumns.slice(0, 3), rows)])
            const refused = new Set(result.refused.map(({ origin }) => origin.row - 1))
            assert.deepEqual(
              await trial.finalRows(),
              rows.filter((_, row) => !refused.has(row)),
            )
            for (const row of refused) assert.match(String(rows[row]?.["name"]), /\0|\p{Surrogate}/u, "a row of valid text was refused")
          },
          contractColumns.slice(0, 3),
        ),
    },
    {
      name: "accepts columns of any name",
      run: () => {
        const columns = oddNames.map((name, at): ColumnSpec => ({ name, kind: at === 0 ? "integer" : "text", nullable: at > 0 }))
        const row = Object.fromEntries(oddNames.map((name, at) => [name, at === 0 ? 1 : `value ${at}`]))
        return on(async (trial) => {
          await trial.deliver([contractBatch(columns, [row])])
          assert.deepEqual(await trial.finalRows(), [row])
        }, columns)
      },
    },
    {
      name: "no longer needs a batch when write resolves",
      run: () =>
        on(
          async (trial) => {
            await using one = await trial.open()
            const rows = (first: number) => Array.from({ length: 2_000 }, (_, at) => ({ id: first + at, name: `lent ${first + at}` }))
            for (const first of [1, 2_001, 4_001]) {
              const { batch: lent, spoil } = lentBatch(rows(first), first)
              await one.write(lent)
              spoil()
            }
            await one.commit()
            assert.deepEqual(await trial.finalRows(), [...rows(1), ...rows(2_001), ...rows(4_001)])
          },
          contractColumns.slice(0, 2),
        ),
    },
    {
      name: "accepts a delivery without rows",
      run: () =>
        on(async (trial) => {
          assert.equal((await trial.deliver([batch(0)])).loaded, 0)
          assert.deepEqual(await trial.finalRows(), [])
        }),
    },
    {
      name: "accepts batches in which no row passes, and rows after them",
      run: () =>
        on(async (trial) => {
          const failed = batch(2)
          for (const row of [0, 1]) failed.fail(row, { code: "contract.failed", message: "a check said no" })
          assert.equal((await trial.deliver([failed, batch(2, 3)])).loaded, 2)
          assert.deepEqual(await trial.finalRows(), contractRows(2, 3))
        }),
    },
    {
      name: "keeps deliveries apart that are open at the same time",
      run: () =>
        on(async (trial) => {
          const givenUp = async () => {
            await using one = await trial.open()
            await one.write(batch(100, 5_001))
          }
          await Promise.all([trial.deliver([batch(100)]), givenUp(), trial.deliver([batch(100, 101), batch(100, 201)])])
          assert.deepEqual(await trial.finalRows(), contractRows(300))
        }),
    },
    {
      name: "ends soon if the run is aborted, leaves nothing, and accepts the same bytes later",
      run: () =>
        on(async (trial) => {
          const abort = new AbortController()
          const content = "aborted"
          const one = await trial.open({ content, signal: abort.signal })
          await one.write(batch(500))
          abort.abort(new Error("the contract's abort"))
          await inTime(
            "write after an abort",
            one.write(batch(500, 501)).catch(() => undefined),
          )
          await inTime("dispose after an abort", one[Symbol.asyncDispose]())
          await trial.deliver([batch(3)], { content })
          assert.deepEqual(await trial.finalRows(), contractRows(3))
        }),
    },
    {
      name: "serves one run after another",
      run: () =>
        on(async (trial) => {
          await trial.deliver([batch(2)])
          await trial.endRun()
          await trial.deliver([batch(2, 3)])
          const ids = (await trial.finalRows()).map(({ id }) => id)
          assert.deepEqual(ids.slice(-2), [3, 4], "the second run's rows are missing")
        }),
    },
  ]
  return delivery === "once" ? [...cases, ...onceContract(options)] : cases
}

const oddTexts = [
  "",
  " ",
  "\\N",
  "\\.",
  "\\",
  "\\\\n",
  "line\nfeed",
  "carriage\rreturn",
  "both\r\n",
  "\ttab\t",
  "quo\"te 'single' `back`",
  "comma, semicolon; pipe|",
  "null",
  "=1+1",
  "Zürich 東京 😀 e\u0301",
  "\u2028\u2029\ufeff\u0085",
  "\b\v\f\u001b\u007f",
  "x".repeat(100_000),
  "nul \0 inside",
  "half \ud83d pair",
]

const oddAmounts = ["0.00", "-0.01", "9999999999.99", "-9999999999.99", "1234.50"]

const oddNames = [
  "id",
  "Upper Case",
  'quo"te',
  "semi;colon -- comment",
  "select",
  "ünï",
  "東京",
  "constructor",
  "with\\backslash",
  "it's",
  "100%",
  "{brace}",
]
