import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import postgresJs from "postgres"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { runCli } from "../../src/cli.ts"
import { bytes, cell, createPipeline, csvFile, type Logger, type RunReport, type Sink } from "../../src/index.ts"
import { pglite } from "../../src/pglite.ts"
import { fromPostgresJs, postgres, purge, storedRejects } from "../../src/postgres.ts"
import { embeddedDatabase } from "../embedded-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"

/** Part of every cell of the column `open`, and of every message that quotes one. Triggers also write it in lower case. */
const open = /S3CR3T/i
/** Part of every cell of the redacted column. */
const hidden = /R3D4CT/i

const { url, pool, clear } = await ledgerDatabase()
const folder = await mkdtemp(join(tmpdir(), "rowgate-values-"))
afterAll(() => rm(folder, { recursive: true }))
beforeEach(clear)

const tableOf = (name: string) => `
  CREATE TABLE ${name} (id int PRIMARY KEY, open text CHECK (open <> 'S3CR3T-check'), hidden text, amount int, UNIQUE (open, hidden))`

/** Raises a message that quotes the row in each of its fields. */
const raising = (table: string, statement: string) => `
  CREATE OR REPLACE FUNCTION quote_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE NOTICE 'notice % %', NEW.open, NEW.hidden;
    ${statement}
    RETURN NEW;
  END $$;
  DROP TRIGGER IF EXISTS quote_row ON ${table};
  CREATE TRIGGER quote_row BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION quote_row();`

const raise = (code: string) => `RAISE EXCEPTION 'raised % %', lower(NEW.open), lower(NEW.hidden) USING ERRCODE = '${code}',
  DETAIL = NEW.open || NEW.hidden, HINT = NEW.open || NEW.hidden, CONSTRAINT = NEW.open || ': ' || NEW.hidden, COLUMN = NEW.hidden, TABLE = NEW.open;`

/** One SQLSTATE of each class, including those about the connection, the login and the server, and some of no class. */
const codes = `01000 02000 03000 08006 09000 0A000 0B000 0F000 0L000 0P000 0Z002 20000 21000 22023 22P02 23502 23505 23514 24000 25001 26000
  27000 28000 28P01 2B000 2D000 2F000 34000 38000 39000 3B000 3D000 3F000 40001 40P01 42501 42601 42703 42P01 44000 53100 53300 54000 55000
  55P03 57014 57P01 58030 58P01 72000 E0001 EPIPE F0000 HV000 P0001 P0004 XX000 XX001 T0001`.split(/\s+/)

const otherWays = [
  ["an assertion", "ASSERT false, NEW.open || NEW.hidden;"],
  ["a statement that is made of the row", "EXECUTE format('SELECT * FROM %I.%I', NEW.open, NEW.hidden);"],
  ["a cast of the row", "PERFORM (NEW.open || NEW.hidden)::int;"],
  ["a constraint of another table", "INSERT INTO audit VALUES (NEW.open || NEW.hidden), (NEW.open || NEW.hidden);"],
  ["the end of its connection", "PERFORM pg_terminate_backend(pg_backend_pid());"],
] as const

/** Everything that a run outputs: its log, its reports, its errors. */
class Heard {
  readonly #lines: string[] = []

  get logger(): Logger {
    const at = (level: string) => (fields: object, message?: string) =>
      void this.#lines.push(inspect([level, fields, message], { depth: null }))
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
  }

  async of(run: () => Promise<RunReport>): Promise<RunReport | undefined> {
    try {
      const report = await run()
      this.#lines.push(JSON.stringify(report))
      return report
    } catch (error) {
      // As a console shows it, with stack, causes and all properties, and as JSON.
      for (let each = error; each instanceof Error; each = each.cause) {
        this.#lines.push(inspect(each, { depth: null, showHidden: true }), JSON.stringify(each), String(each.stack))
      }
      return undefined
    }
  }

  get text(): string {
    return this.#lines.join("\n")
  }
}

/** All tables of the ledger except the rejects. */
async function ledgerText(): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    "SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = 'rowgate' AND table_name <> 'reject'",
  )
  const texts = tables.rows.map(async ({ name }) => JSON.stringify((await pool.query(`SELECT t::text FROM ${name} t`)).rows))
  return (await Promise.all(texts)).join("\n")
}

async function rejectText(): Promise<string> {
  return JSON.stringify((await pool.query("SELECT x::text FROM rowgate.reject x")).rows)
}

const Item = z.object({
  id: z.number().int(),
  open: z.string().refine((text) => !text.includes("refine"), { error: ({ input }) => `refined ${String(input)}` }),
  hidden: z.string(),
  amount: z.number().int().nullable(),
})

const lines = (rows: readonly string[]) => `id,open,hidden,amount\n${rows.join("\n")}\n`
const row = (id: number | string, name: string = String(id), amount = "1") => `${id},S3CR3T-${name},R3D4CT-${name},${amount}`

let made = 0
/** A pipeline over a file whose bytes no other test uses. */
function items(heard: Heard, content: string) {
  made++
  return createPipeline({ name: "items", logger: heard.logger, retry: { attempts: 2, delayMs: 1, maxDelayMs: 1 } })
    .from(bytes(content, { name: `items-${made}.csv` }))
    .validate(Item)
}

const table = async (extra = "") => {
  await pool.query(`DROP TABLE IF EXISTS item, audit CASCADE; ${tableOf("item")}; CREATE TABLE audit (v text UNIQUE); ${extra}`)
}

async function expectNothing(heard: Heard): Promise<void> {
  const ledger = await ledgerText()
  for (const [place, text] of Object.entries({ heard: heard.text, ledger })) {
    for (const secret of [open, hidden]) {
      const at = text.search(secret)
      if (at >= 0) expect.unreachable(`${secret} stands in ${place}: ${text.slice(Math.max(0, at - 300), at + 100)}`)
    }
  }
  expect(await rejectText()).not.toMatch(hidden)
}

describe.each(["append", "upsert"] as const)("a trigger's message about a row, in the mode %s", (mode) => {
  beforeAll(() => table())
  const target = { pool, table: "item", redact: ["hidden"] } as const
  const to = postgres<z.infer<typeof Item>>(mode === "append" ? target : { ...target, mode, key: ["id"] })

  test("is in a reject or nowhere, with any SQLSTATE", async () => {
    const heard = new Heard()
    const ended = { thrown: 0, rejected: 0 }
    // A merge goes row by row, which takes longer, so fewer codes are tried.
    for (const code of mode === "append" ? codes : codes.filter((_, at) => at % 2 === 0)) {
      await pool.query(raising("item", raise(code)))
      const report = await heard.of(() =>
        items(heard, lines([row(1, code)]))
          .into(to)
          .run(),
      )
      if (report === undefined) ended.thrown++
      else ended.rejected += report.rejected
    }
    expect(ended.thrown).toBeGreaterThan(5)
    expect(ended.rejected).toBeGreaterThan(5)
    expect(await rejectText()).toMatch(open)
    expect(heard.text).toMatch(/SQLSTATE 5\w{4}, with a message of a trigger or function/)
    await expectNothing(heard)
  })

  test.each(otherWays)("is in a reject or nowhere, also by %s", async (_way, statement) => {
    const heard = new Heard()
    await pool.query(raising("item", statement))
    await heard.of(() =>
      items(heard, lines([row(1, "way"), row(2, "way2")]))
        .into(to)
        .run(),
    )
    expect(heard.text).not.toBe("")
    await expectNothing(heard)
  })
})

const someCodes = ["08006", "23514", "28000", "42P01", "53100", "57014", "58030", "P0001", "55000"]

describe("messages of the server that quote no row", () => {
  beforeEach(() => table(raising("item", "PERFORM pg_sleep(10);")))

  test.each([
    ["a lock that it does not get", { lockTimeoutMs: 50 }, "canceling statement due to lock timeout"],
    ["a statement that takes too long", { statementTimeoutMs: 300 }, "canceling statement due to statement timeout"],
  ])("is told in its own words: %s", async (_, more, words) => {
    const heard = new Heard()
    const locker = await pool.connect()
    try {
      if ("lockTimeoutMs" in more) await locker.query("BEGIN; LOCK TABLE item IN SHARE MODE")
      const to = postgres<z.infer<typeof Item>>({ pool, table: "item", ...more })
      await heard.of(() =>
        items(heard, lines([row(1)]))
          .into(to)
          .run(),
      )
    } finally {
      await locker.query("ROLLBACK")
      locker.release()
    }
    expect(heard.text).toContain(words)
    await expectNothing(heard)
  })
})

test("a trigger's message is kept out of errors with the package postgres", async () => {
  await table()
  const heard = new Heard()
  for (const code of someCodes) {
    await pool.query(raising("item", raise(code)))
    const through = fromPostgresJs((options) => postgresJs(url, options))
    const to = postgres<z.infer<typeof Item>>({ pool: through, table: "item", redact: ["hidden"] })
    await heard.of(() =>
      items(heard, lines([row(1, code)]))
        .into(to)
        .run(),
    )
  }
  expect(heard.text).toContain("SQLSTATE 58030, with a message of a trigger or function")
  await expectNothing(heard)
})

test("a trigger's message, the statement and its bytes are kept out of errors with PGlite", async () => {
  await using db = await embeddedDatabase()
  await db.exec(tableOf("item"))
  const heard = new Heard()
  for (const code of someCodes) {
    await db.exec(raising("item", raise(code)))
    const to = pglite<z.infer<typeof Item>>({ db, table: "item", redact: ["hidden"] })
    await heard.of(() =>
      items(heard, lines([row(1, code)]))
        .into(to)
        .run(),
    )
  }
  expect(heard.text).toContain("SQLSTATE 58030, with a message of a trigger or function")
  expect(heard.text).not.toMatch(open)
  const { rows } = await db.query("SELECT x::text FROM rowgate.reject x")
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toMatch(hidden)
})

describe("cells", () => {
  beforeEach(() => table())
  const to = (more = {}) => postgres<z.infer<typeof Item>>({ pool, table: "item", redact: ["hidden"], lineage: false, ...more })

  const bad = [
    row(1),
    row("x", "unreadable"),
    row(2, "refine"),
    row(3, "check"),
    row(4, "many", "S3CR3T-amount"),
    row(1, "again"),
    row(5, "5", "99999999999"),
    row(6, "finding"),
    row(7, "throwing"),
    row(8, "short").split(",").slice(0, 2).join(","),
  ]
  const judged = (heard: Heard, rows = bad) =>
    items(heard, lines(rows)).check(function judge({ open: text, hidden: other }) {
      if (text.endsWith("throwing")) throw new Error(`it threw ${text} ${other}`)
      return text.endsWith("finding") ? { code: "found", message: `found ${text} ${other}`, suggestion: `not ${text}` } : undefined
    })

  test("of rejected rows are in the rejects and nowhere else in the ledger, the log and the report", async () => {
    const heard = new Heard()
    const report = await heard.of(() => judged(heard).into(to()).run())
    expect(report).toMatchObject({ loaded: 1, rejected: bad.length - 1 })
    const kept = await rejectText()
    for (const words of ["refined S3CR3T-refine", "found S3CR3T-finding", "it threw S3CR3T-throwing"]) expect(kept).toContain(words)
    await expectNothing(heard)
  })

  test("of refused, planned, reloaded and replayed deliveries are only there too, and purge leaves none of them", async () => {
    const heard = new Heard()
    await heard.of(() =>
      judged(heard)
        .score({ minimum: { overall: 100 } })
        .into(to())
        .run(),
    )
    await heard.of(() => judged(heard).into(to()).plan())
    const pipeline = judged(heard).into(to())
    const report = await heard.of(() => pipeline.run())
    const id = report?.deliveries[0]?.deliveryId ?? expect.unreachable()
    const corrections = [{ _reject: 1, id: "20", open: "S3CR3T-good", hidden: "R3D4CT-good", amount: "1" }]
    await heard.of(() => pipeline.replay(id, corrections))
    const wrong = [{ _reject: 2, id: "S3CR3T-wrong", open: "S3CR3T", hidden: "R3D4CT", amount: "1" }]
    await heard.of(() => pipeline.replay(id, wrong))
    await heard.of(() =>
      pipeline.replay(
        id,
        wrong.map((each) => ({ ...each, _run: "S3CR3T-run" })),
      ),
    )
    await heard.of(() => pipeline.run({ reload: true }))
    expect(await rejectText()).toMatch(open)
    await expectNothing(heard)
    const replayed = (await pool.query("SELECT rejected::int FROM rowgate.run WHERE corrects = $1 ORDER BY started_at", [id])).rows
    expect(replayed).toEqual([{ rejected: 0 }, { rejected: 1 }])
    await purge(pool, { delivery: id, rejectsOlderThan: new Date(Date.now() + 60_000) })
    const left = "SELECT count(*)::int AS n FROM rowgate.reject x JOIN rowgate.run r ON r.id = x.run_id WHERE $1 IN (r.id, r.corrects)"
    expect((await pool.query(left, [id])).rows).toEqual([{ n: 0 }])
    await purge(pool, { rejectsOlderThan: new Date(Date.now() + 60_000) })
    expect((await rejectText()) + (await ledgerText())).not.toMatch(open)
  })

  test("of a file are in no error of a failing check, stage or source, and not in its reason in the ledger", async () => {
    const heard = new Heard()
    const quoting = () => new Error("thrown S3CR3T R3D4CT")
    const thrower = () => {
      throw quoting()
    }
    const byColumn = { kind: "column", name: "broken", columns: ["open"], test: thrower } as const
    await heard.of(() =>
      items(heard, lines([row(1)]))
        .check(byColumn)
        .into(to())
        .run(),
    )
    expect(heard.text).toContain("The rule broken threw Error.")
    // An error that the caller's own code throws is passed on unchanged, but it is neither in the ledger nor in the log.
    const own = [
      () =>
        items(heard, lines([row(1), row(2)]))
          .map(thrower)
          .into(to())
          .run(),
      () =>
        items(heard, lines([row(1), row(2)]))
          .into(to())
          .run({ onProgress: thrower }),
      () =>
        items(heard, lines([row(1)]))
          .into(to())
          .into(failing(quoting))
          .run(),
    ]
    for (const each of own) await expect(each()).rejects.toThrow(/S3CR3T/)
    const stopping = new AbortController()
    const onProgress = () => stopping.abort(quoting())
    await expect(
      items(heard, lines([row(1)]))
        .into(to())
        .run({ signal: stopping.signal, onProgress }),
    ).rejects.toMatchObject({ code: "ABORTED" })
    await expectNothing(heard)
  })

  test("are in no error if the file contradicts its plan or is cut off", async () => {
    const heard = new Heard()
    // A file would be read again.
    const rows = function* () {
      for (let at = 0; at < 20_000; at++) yield { open: "S3CR3T", on: "25/12/2025" }
      yield { open: "S3CR3T", on: "12/29/2025" }
    }
    const dated = createPipeline({ name: "dated", logger: heard.logger })
      .fromRows(rows())
      .normalize({ columns: { on: cell.date() } })
    await pool.query('DROP TABLE IF EXISTS dated; CREATE TABLE dated (open text, "on" date)')
    await heard.of(() => dated.into(postgres({ pool, table: "dated" }) as Sink<unknown>).run())
    expect(heard.text).toContain("PLAN_CONTRADICTED")
    expect(heard.text).not.toContain("12/29")
    for (const content of ['[{"open":"S3CR3T","hidden":"R3D4CT"},{"open":"S3CR3T R3D4CT', '{"open":"S3CR3T"}\n{"open":"R3D4CT" S3CR3T}\n'])
      await heard.of(() => items(heard, content).into(to()).run())
    await expectNothing(heard)
  })

  test("above the table, and those that another sink left out, are in no notice", async () => {
    const heard = new Heard()
    const content = `S3CR3T report of R3D4CT\n\n${lines([row(1), row(2), row(3), "4,S3CR3T\u0000,R3D4CT,1"])}`
    const report = await heard.of(() =>
      items(heard, content)
        .into(to())
        .into(csvFile(join(folder, `${made}.csv`)) as Sink<unknown>)
        .run(),
    )
    const message = "Line 1 is above the table and was skipped: [redacted]."
    expect(report?.deliveries[0]?.notices).toContainEqual({ code: "csv.preamble", message, row: 1 })
    await expectNothing(heard)
  })

  test("above the table are quoted in the report if no column is redacted, but not in the ledger", async () => {
    const content = `S3CR3T report\n\n${lines([row(1)])}`
    const report = await items(new Heard(), content)
      .into(to({ redact: [] }))
      .run()
    expect(report.deliveries[0]?.notices[0]?.message).toContain('"S3CR3T report"')
    expect(await ledgerText()).toContain("csv.preamble")
    expect(await ledgerText()).not.toContain("S3CR3T")
  })
})

function failing(error: () => Error): Sink<unknown> {
  return {
    name: "failing",
    delivery: "at-least-once",
    open: async () => ({
      write: async () => {
        throw error()
      },
      commit: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }),
  }
}

describe("the command", () => {
  // Each configuration has its own folder, because a module is only loaded once.
  let cwd: string
  beforeEach(async () => {
    cwd = await mkdtemp(join(folder, "cwd-"))
  })
  async function rowgate(argv: readonly string[]) {
    const [out, err]: [string[], string[]] = [[], []]
    const io = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: (text: string) => err.push(text) } }
    const code = await runCli(argv, { ...io, env: { LOG_LEVEL: "debug" }, cwd })
    return { code, out: out.join(""), err: err.join("") }
  }

  const configure = (stages: string) =>
    writeFile(
      join(cwd, "rowgate.config.mjs"),
      `import { z } from ${JSON.stringify(import.meta.resolve("zod"))}
       export default { to: ${JSON.stringify(url)}, table: "item", report: "report.json",
         pipeline: (files) => files.validate(z.object({ id: z.number().int(), open: z.string(), hidden: z.string(), amount: z.number() }))${stages} }`,
    )

  test("quotes cells when it shows rejects, but never on stderr, in its log or in its report", async () => {
    await table()
    await writeFile(
      join(cwd, "items.csv"),
      lines([row(1), row(2, "amount", "S3CR3T-2"), row(3, "check"), row(4, "long", "x".repeat(5_000))]),
    )
    await configure("")
    const loaded = await rowgate(["ingest", "items.csv"])
    expect(loaded).toMatchObject({ code: 0, out: expect.stringContaining("S3CR3T") })
    const summary = loaded.out.split("\n")
    const examples = summary.indexOf("  for example")
    expect(summary.findIndex((line) => open.test(line))).toBeGreaterThan(examples)
    const report = await readFile(join(cwd, "report.json"), "utf8")
    const id: string = JSON.parse(report).deliveries[0].deliveryId
    const shown = (await rowgate(["rejects", id])).out
    expect(shown).toMatch(open)
    for (const line of [...summary, ...shown.split("\n")]) expect(line.length).toBeLessThan(400)
    for await (const { raw } of storedRejects(pool, id)) expect(JSON.stringify(raw)).toMatch(open)
    for (const text of [loaded.err, report, (await rowgate(["runs", "--json"])).out, (await rowgate(["runs"])).out])
      expect(text).not.toMatch(open)
  })

  test.each([
    ["a trigger", "", raise("58030")],
    [
      "a stage",
      ".pipe(async function* (batches) { for await (const { columns } of batches) throw new Error(columns.open.at(0) + columns.hidden.at(0)) })",
      "NULL;",
    ],
    ["a check", ".check({ kind: 'column', name: 'broken', test(batch) { throw new Error('S3CR3T R3D4CT') } })", "NULL;"],
  ])("says on stderr that %s has failed, and where, without what it says", async (_, stages, statement) => {
    await table()
    await pool.query(raising("item", statement))
    await writeFile(join(cwd, "items.csv"), lines([row(1)]))
    await configure(stages)
    const { code, out, err } = await rowgate(["ingest", "items.csv"])
    expect(code).toBeGreaterThan(0)
    expect(err).toContain("    at ")
    expect(out + err + (await ledgerText())).not.toMatch(/S3CR3T|R3D4CT/i)
  })
})
