import { beforeEach, describe, expect, test } from "vitest"
import { conserves } from "../../src/model/run-report.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

interface Stock {
  readonly id: number
  readonly shop: string
  readonly qty: number | null
  readonly seen?: Date
}

const { pool } = await ledgerDatabase()
let file = 0
beforeEach(async () => {
  await pool.query(`
    DROP TABLE IF EXISTS stock CASCADE;
    CREATE TABLE stock (id int, shop text, qty int CHECK (qty >= 0), seen timestamptz, PRIMARY KEY (shop, id));
    INSERT INTO stock VALUES (1, 'a', 10, '2026-01-01'), (2, 'a', 20, '2026-01-01'), (3, 'b', 30, '2026-01-01')`)
})

type Mode = PostgresOptions<Stock> extends infer O ? (O extends unknown ? Omit<O, "pool" | "table"> : never) : never

async function load(options: Mode, rows: readonly object[], asOf: Date | undefined = undefined, now = new Date("2026-06-01")) {
  file++
  const sink = postgres<Stock>({ pool, table: "stock", ...options } as PostgresOptions<Stock>)
  const report = await deliver(sink as Parameters<typeof deliver>[0], [batchOf(rows as Stock[] as never)], {
    content: String(file),
    context: { asOf: asOf ?? now },
    delivery: { asOf },
  })
  expect(conserves(report)).toBe(true)
  return report
}

const stock = async () =>
  (await pool.query("SELECT id, shop, qty FROM stock ORDER BY shop, id, qty::text")).rows.map(({ id, shop, qty }) => `${shop}${id}:${qty}`)

describe("upsert", () => {
  test("replaces rows whose key is in the table and adds the others", async () => {
    const report = await load({ mode: "upsert", key: ["shop", "id"] }, [
      { id: 2, shop: "a", qty: 21 },
      { id: 4, shop: "a", qty: 40 },
    ])
    expect(report).toMatchObject({ loaded: 2, superseded: 0, skipped: 0 })
    expect(await stock()).toEqual(["a1:10", "a2:21", "a4:40", "b3:30"])
  })

  test("loads the last row of a key and counts the others as superseded", async () => {
    const rows = [5, 6, 7].map((qty) => ({ id: 1, shop: "a", qty }))
    expect(await load({ mode: "upsert", key: ["shop", "id"] }, rows)).toMatchObject({ loaded: 1, superseded: 2 })
    expect(await stock()).toContain("a1:7")
  })

  test("loads the newest row of a key by a column, among the rows of the file and the table", async () => {
    const rows = [
      { id: 1, shop: "a", qty: 2, seen: new Date("2026-03-01") },
      { id: 1, shop: "a", qty: 1, seen: new Date("2026-02-01") },
      { id: 2, shop: "a", qty: 0, seen: new Date("2025-12-01") },
    ]
    const report = await load({ mode: "upsert", key: ["shop", "id"], newest: "seen" }, rows)
    expect(report).toMatchObject({ loaded: 1, superseded: 1, skipped: 1 })
    expect(await stock()).toEqual(["a1:2", "a2:20", "b3:30"])
  })

  test("treats keys as equal that are written differently", async () => {
    const rows = [
      { id: "1", shop: "a", qty: 1 },
      { id: " 1", shop: "a", qty: 2 },
    ]
    expect(await load({ mode: "upsert", key: ["shop", "id"] }, rows)).toMatchObject({ loaded: 1, superseded: 1 })
    expect(await stock()).toContain("a1:2")
  })

  test("rejects rows without a key, and rows that the table refuses", async () => {
    await pool.query("CREATE UNIQUE INDEX stock_qty ON stock (qty) WHERE qty > 100; UPDATE stock SET qty = 111 WHERE id = 3")
    const report = await load({ mode: "upsert", key: ["shop", "id"] }, [
      { id: null, shop: "a", qty: 1 },
      { id: 5, shop: "a", qty: -1 },
      { id: 6, shop: "a", qty: 111 },
      { id: 3, shop: "b", qty: 111 },
      { id: 7, shop: "a", qty: 7 },
    ])
    expect(report).toMatchObject({ loaded: 2, rejected: 3 })
    expect(await stock()).toEqual(["a1:10", "a2:20", "a7:7", "b3:111"])
  })

  test("loads a file whose rows are all refused, or all have one key", async () => {
    const bad = Array.from({ length: 2000 }, (_, id) => ({ id: id + 100, shop: "a", qty: -1 }))
    expect(await load({ mode: "upsert", key: ["shop", "id"] }, bad)).toMatchObject({ loaded: 0, rejected: 2000 })
    const same = Array.from({ length: 2000 }, (_, qty) => ({ id: 1, shop: "a", qty }))
    expect(await load({ mode: "upsert", key: ["shop", "id"] }, same)).toMatchObject({ loaded: 1, superseded: 1999 })
    expect(await stock()).toContain("a1:1999")
  })

  test("accounts for each row of a file with good rows, refused rows of every kind and repeated keys", async () => {
    const rows = Array.from({ length: 3000 }, (_, n) => ({
      id: n % 7 === 0 ? "x" : n % 1000,
      shop: n % 11 === 0 ? null : "c",
      qty: n % 13 === 0 ? -1 : n,
    }))
    const sound = rows.filter(({ id, shop, qty }) => id !== "x" && shop !== null && qty >= 0)
    const winners = new Map(sound.map(({ id, qty }) => [id, qty]))
    const report = await load({ mode: "upsert", key: ["shop", "id"] }, rows)
    expect(report).toMatchObject({ loaded: winners.size, superseded: sound.length - winners.size, rejected: 3000 - sound.length })
    const { rows: found } = await pool.query("SELECT id, qty FROM stock WHERE shop = 'c'")
    expect(new Map(found.map(({ id, qty }) => [id, qty]))).toEqual(winners)
  })

  test("replaces a row that another session adds during the merge", async () => {
    const other = await pool.connect()
    await other.query("BEGIN; INSERT INTO stock VALUES (9, 'a', 1)")
    const loading = load({ mode: "upsert", key: ["shop", "id"] }, [
      { id: 9, shop: "a", qty: 90 },
      { id: 2, shop: "a", qty: 21 },
    ])
    try {
      const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE 'MERGE%'"
      await expect.poll(async () => (await pool.query(waiting)).rows[0].n, { timeout: 5000 }).toBe(1)
    } finally {
      await other.query("COMMIT")
      other.release()
    }
    expect(await loading).toMatchObject({ loaded: 2, rejected: 0, skipped: 0 })
    expect(await stock()).toEqual(["a1:10", "a2:21", "a9:90", "b3:30"])
  })

  test("does not touch rows of a table that inherits from the target", async () => {
    await pool.query("CREATE TABLE stock_old () INHERITS (stock); INSERT INTO stock_old VALUES (2, 'a', 7), (8, 'a', 8)")
    const rows = [2, 8].map((id) => ({ id, shop: "a", qty: 100 + id }))
    expect(await load({ mode: "upsert", key: ["shop", "id"] }, rows)).toMatchObject({ loaded: 2 })
    expect(await stock()).toEqual(["a1:10", "a2:102", "a2:7", "a8:108", "a8:8", "b3:30"])
  })

  test("is refused if the table has no unique index on the key", async () => {
    await expect(load({ mode: "upsert", key: ["id"] }, [{ id: 1, shop: "a" }])).rejects.toMatchObject({
      code: "SINK_SCHEMA_MISMATCH",
      remedy: expect.stringContaining("CREATE UNIQUE INDEX"),
    })
  })
})

describe("insert-only", () => {
  test("skips rows whose key is in the table and counts them", async () => {
    const report = await load({ mode: "insert-only", key: ["shop", "id"] }, [
      { id: 1, shop: "a", qty: 99 },
      { id: 4, shop: "a", qty: 40 },
    ])
    expect(report).toMatchObject({ loaded: 1, skipped: 1 })
    expect(await stock()).toEqual(["a1:10", "a2:20", "a4:40", "b3:30"])
  })
})

describe("replace", () => {
  test("shows the old rows until all new ones are loaded", async () => {
    const sink = postgres<Stock>({ pool, table: "stock", mode: "replace" })
    const seen: string[][] = []
    async function* batches() {
      yield batchOf([{ id: 8, shop: "z", qty: 1 }])
      seen.push(await stock())
      yield batchOf([{ id: 9, shop: "z", qty: 2 }])
      seen.push(await stock())
    }
    expect(await deliver(sink as Parameters<typeof deliver>[0], batches(), { content: "replace" })).toMatchObject({ loaded: 2 })
    expect(seen).toEqual([
      ["a1:10", "a2:20", "b3:30"],
      ["a1:10", "a2:20", "b3:30"],
    ])
    expect(await stock()).toEqual(["z8:1", "z9:2"])
  })

  test("of two files at the same time ends with the rows of one file, never of both", async () => {
    await Promise.all(["y", "z"].map((shop) => load({ mode: "replace" }, [{ id: 1, shop, qty: 1 }])))
    expect(await stock()).toHaveLength(1)
  })
})

describe("delete-missing", () => {
  const mode = { mode: "delete-missing", key: ["shop", "id"], scope: { shop: "a" } } as const

  test("removes rows of its scope that are missing from the file", async () => {
    const report = await load(mode, [{ id: 2, shop: "a", qty: 22 }])
    expect(report).toMatchObject({ loaded: 1 })
    expect(await stock()).toEqual(["a2:22", "b3:30"])
    await load({ ...mode, scope: "table" as const }, [{ id: 5, shop: "c", qty: 5 }])
    expect(await stock()).toEqual(["c5:5"])
  })

  test("keeps rows that were rejected in the file, and all rows if the key of a rejected row cannot be read", async () => {
    const rejected = batchOf([
      { id: 1, shop: "a", qty: 5 },
      { id: 9, shop: "a", qty: 9 },
    ])
    rejected.fail(0, { code: "qty.odd", message: "is odd" })
    const sink = postgres<Stock>({ pool, table: "stock", ...mode })
    await deliver(sink as Parameters<typeof deliver>[0], [rejected], { content: "spared" })
    expect(await stock()).toEqual(["a1:10", "a9:9", "b3:30"])
    const unreadable = [
      { id: "?", shop: "a", qty: 5 },
      { id: 8, shop: "a", qty: 8 },
    ]
    await load({ ...mode, onUnreadableKey: "keep" as const }, unreadable)
    expect(await stock()).toEqual(["a1:10", "a8:8", "a9:9", "b3:30"])
  })

  test.each([
    ["a check of the table", { id: 2, shop: "a", qty: -1 }, ""],
    ["a value that is too large", { id: 2, shop: "a", qty: 3e9 }, ""],
    ["a text that is too long", { id: 2, shop: "a", qty: 1, note: "longer" }, "ALTER TABLE stock ADD note varchar(3)"],
    ["a value that only the server can read", { id: 2, shop: "a", qty: 1, note: "no uuid" }, "ALTER TABLE stock ADD note uuid"],
  ])("spares the row of a key that is refused for %s", async (_, refused, change) => {
    if (change !== "") await pool.query(change)
    const note = "note" in refused ? { note: null } : {}
    const report = await load(mode, [{ id: 1, shop: "a", qty: 11, ...note }, refused])
    expect(report).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await stock()).toEqual(["a1:11", "a2:20", "b3:30"])
  })

  test("does not treat a row that the table refuses as missing", async () => {
    await pool.query(
      "CREATE TABLE IF NOT EXISTS shop (id text PRIMARY KEY); INSERT INTO shop VALUES ('a'), ('b') ON CONFLICT DO NOTHING; ALTER TABLE stock ADD FOREIGN KEY (shop) REFERENCES shop",
    )
    const report = await load({ ...mode, scope: "table" as const }, [
      { id: 1, shop: "a", qty: 1 },
      { id: 3, shop: "b", qty: 3 },
      { id: 4, shop: "q", qty: 3 },
    ])
    expect(report).toMatchObject({ loaded: 2, rejected: 1 })
    expect(await stock()).toEqual(["a1:1", "b3:3"])
  })
})

describe("a history (scd2)", () => {
  const mode = { mode: "scd2", key: ["id"] } as const
  const versions = async () =>
    (
      await pool.query("SELECT id, qty, valid_from::date::text AS f, valid_to::date::text AS t FROM stock ORDER BY id, valid_from")
    ).rows.map(({ id, qty, f, t }) => `${id}:${qty} ${f}..${t ?? ""}`)

  beforeEach(async () => {
    await pool.query(`DROP TABLE stock; CREATE TABLE stock (id int, shop text, qty int CHECK (qty >= 0), valid_from timestamptz NOT NULL, valid_to timestamptz);
      CREATE UNIQUE INDEX ON stock (id) WHERE valid_to IS NULL`)
  })

  test("closes changed versions, begins the next ones, and does not touch the others", async () => {
    await load(
      mode,
      [
        { id: 1, shop: "a", qty: 1 },
        { id: 2, shop: null, qty: null },
      ],
      new Date("2026-01-01"),
    )
    const { rows: before } = await pool.query("SELECT xmin::text FROM stock WHERE id = 2")
    const report = await load(
      mode,
      [
        { id: 1, shop: "a", qty: 5 },
        { id: 2, shop: null, qty: null },
        { id: 3, shop: "a", qty: 3 },
      ],
      new Date("2026-02-01"),
    )
    expect(report).toMatchObject({ loaded: 2, skipped: 1 })
    expect(await versions()).toEqual(["1:1 2026-01-01..2026-02-01", "1:5 2026-02-01..", "2:null 2026-01-01..", "3:3 2026-02-01.."])
    expect((await pool.query("SELECT xmin::text FROM stock WHERE id = 2")).rows).toEqual(before)
  })

  test("is never rewritten: a version that would begin before the current one is rejected", async () => {
    await load(mode, [{ id: 1, shop: "a", qty: 1 }], new Date("2026-02-01"))
    const report = await load(
      mode,
      [
        { id: 1, shop: "a", qty: 9 },
        { id: 2, shop: "a", qty: 2 },
      ],
      new Date("2026-01-01"),
    )
    expect(report).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await versions()).toEqual(["1:1 2026-02-01..", "2:2 2026-01-01.."])
  })

  test.each([
    ["numeric", "1.0", "1.00"],
    ["char(5)", "a", "a "],
    ["int", "1", "1 "],
    ["timestamptz", "2026-01-01 10:00Z", "2026-01-01T11:00:00.000+01:00"],
  ])("knows a key of type %s again however it is written", async (type, one, other) => {
    await pool.query(`ALTER TABLE stock ALTER id TYPE ${type} USING NULL; DROP INDEX stock_id_idx`)
    const rows = [one, other].map((id, at) => ({ id, shop: "a", qty: at }))
    expect(await load(mode, rows)).toMatchObject({ loaded: 1, superseded: 1 })
    expect((await pool.query("SELECT qty FROM stock")).rows).toEqual([{ qty: 1 }])
  })

  test.each([
    ["timestamptz", "2026-06-01 00:00:00.001+00"],
    ["timestamptz(0)", "2026-06-01 00:00:01+00"],
    ["timestamp", "2026-06-01 00:00:00.001"],
    ["date", "2026-06-02"],
  ])("begins versions in a column of type %s after those of the file before, whatever the clock says", async (type, second) => {
    await pool.query(
      `ALTER TABLE stock ALTER valid_from TYPE ${type} USING NULL, ALTER valid_to TYPE ${type} USING NULL, ADD PRIMARY KEY (id, valid_from)`,
    )
    const now = new Date("2026-06-01")
    const anHourBefore = new Date(now.getTime() - 3_600_000)
    await load(mode, [{ id: 1, shop: "a", qty: 1 }], undefined, now)
    expect(await load(mode, [{ id: 1, shop: "a", qty: 2 }], undefined, now)).toMatchObject({ loaded: 1, rejected: 0 })
    expect(await load(mode, [{ id: 1, shop: "a", qty: 3 }], undefined, anHourBefore)).toMatchObject({ loaded: 1, rejected: 0 })
    const { rows } = await pool.query("SELECT qty, valid_from::text AS f, valid_to::text AS t FROM stock ORDER BY valid_from")
    expect(rows.map(({ qty }) => qty)).toEqual([1, 2, 3])
    expect(rows[1].f).toBe(second)
    expect(rows.map(({ t }) => t)).toEqual([rows[1].f, rows[2].f, null])
    const { rows: ledger } = await pool.query(
      "SELECT as_of = (SELECT max(valid_from) FROM stock) AS same FROM rowgate.run ORDER BY started_at DESC LIMIT 1",
    )
    expect(ledger).toEqual([{ same: true }])
  })

  test("refuses a newest column, even without a compiler error", async () => {
    const asked = load({ ...mode, newest: "qty" } as unknown as Mode, [{ id: 1, shop: "a", qty: 1 }])
    await expect(asked).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("newest") })
  })

  test("treats a row as unchanged whichever load it comes from", async () => {
    await pool.query("ALTER TABLE stock ADD _run_id text, ADD _file text, ADD _row bigint, ADD version bigint")
    const traced = { ...mode, lineage: true, sequence: "version" } as const
    const [one, two] = [
      { id: 1, shop: "a", qty: 1 },
      { id: 2, shop: "a", qty: 2 },
    ]
    await load(traced, [one, two], new Date("2026-01-01"))
    const report = await load(traced, [two, { ...one, qty: 5 }], new Date("2026-02-01"))
    expect(report).toMatchObject({ loaded: 1, skipped: 1 })
    expect(await versions()).toEqual(["1:1 2026-01-01..2026-02-01", "1:5 2026-02-01..", "2:2 2026-01-01.."])
  })

  test.each([
    ["json", '{"a": 1}', '{"a": 2}'],
    ["json[]", ['{"a": 1}'], ['{"a": 2}']],
    ["point", "(1,2)", "(2,1)"],
    // They have the same area, so PostgreSQL calls them equal.
    ["box", "(2,2),(1,1)", "(4,4),(3,3)"],
  ])("tells values of the type %s apart", async (type, before, after) => {
    await pool.query(`ALTER TABLE stock ADD thing ${type}`)
    const row = (thing: unknown) => [{ id: 1, shop: "a", qty: 1, thing }]
    expect(await load(mode, row(before), new Date("2026-01-01"))).toMatchObject({ loaded: 1 })
    expect(await load(mode, row(before), new Date("2026-02-01"))).toMatchObject({ loaded: 0, skipped: 1 })
    expect(await load(mode, row(after), new Date("2026-03-01"))).toMatchObject({ loaded: 1 })
    expect(await versions()).toEqual(["1:1 2026-01-01..2026-03-01", "1:1 2026-03-01.."])
  })

  test("does not close a version if the next one is refused", async () => {
    await load(
      mode,
      [
        { id: 1, shop: "a", qty: 1 },
        { id: 2, shop: "a", qty: 2 },
      ],
      new Date("2026-01-01"),
    )
    await pool.query(
      "CREATE FUNCTION no_nine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.qty = 9 THEN RAISE 'nine'; END IF; RETURN NEW; END $$; CREATE TRIGGER nine BEFORE INSERT ON stock FOR EACH ROW EXECUTE FUNCTION no_nine()",
    )
    const report = await load(
      mode,
      [
        { id: 1, shop: "a", qty: 9 },
        { id: 2, shop: "a", qty: 8 },
      ],
      new Date("2026-02-01"),
    )
    expect(report).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await versions()).toEqual(["1:1 2026-01-01..", "2:2 2026-01-01..2026-02-01", "2:8 2026-02-01.."])
  })
})
