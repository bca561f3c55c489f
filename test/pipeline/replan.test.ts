import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS from "exceljs"
import fc from "fast-check"
import { afterAll, beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import {
  bytes,
  cell,
  createPipeline,
  csv,
  csvFile,
  memory,
  ndjson as ndjsonParser,
  type Pipeline,
  type Progress,
  type Reject,
  type Sink,
  type Source,
  type Stage,
} from "../../src/index.ts"
import { postgres, storedRuns } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { zipBytes } from "../parsers/files/zip/zip-bytes.ts"

const { pool, url, clear } = await ledgerDatabase()
const folder = await mkdtemp(join(tmpdir(), "rowgate-replan-"))
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  await clear()
  await pool.query(`DROP TABLE IF EXISTS shipment; CREATE TABLE shipment (id int, "at" date)`)
})

// biome-ignore lint/suspicious/noExplicitAny: pipelines of any rows
type AnyPipeline = Pick<Pipeline<any>, "into" | "validate">

interface Shipment {
  readonly id: number
  readonly at: Date | null
}

const batchRows = 2
const rowCount = 8
/** The row that proves the order, among rows that are different dates in each order. */
const texts = (proof: number, text = "25/12/2025") =>
  Array.from({ length: rowCount }, (_, row) => (row === proof ? text : `0${row + 1}/04/2025`))
/** Their dates, once it is known that the day comes first. */
const days = (proof: number) => texts(proof).map((text) => text.split("/").reverse().join("-"))

const formats: { readonly [name: string]: (cells: readonly string[]) => Promise<Source> } = {
  csv: async (cells) => bytes(`id,at\n${cells.map((cell, id) => `${id},${cell}\n`).join("")}`, { name: "shipments.csv" }),
  ndjson: async (cells) => bytes(cells.map((at, id) => `${JSON.stringify({ id, at })}\n`).join(""), { name: "shipments.ndjson" }),
  xlsx: async (cells) => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet("shipments")
    sheet.addRow(["id", "at"])
    cells.forEach((cell, id) => void sheet.addRow([id, cell]))
    return bytes(new Uint8Array(await book.xlsx.writeBuffer()), { name: "shipments.xlsx" })
  },
}

const contracts: { readonly [name: string]: (source: Source, size?: number) => Pipeline<Shipment> } = {
  "a date normalizer": (source, size = batchRows) =>
    createPipeline({ name: "shipments", batchRows: size })
      .from(source)
      .normalize({ columns: { at: cell.date() } })
      .validate(z.object({ id: z.number(), at: z.date() })),
  "a schema that wants a date": (source, size = batchRows) =>
    createPipeline({ name: "shipments", batchRows: size })
      .from(source)
      .validate(z.object({ id: z.number(), at: z.date() })),
}

describe.each(Object.keys(formats))("a column of dates in %s", (format) => {
  describe.each(Object.keys(contracts))("read by %s", (contract) => {
    const pipeline = async (cells: readonly string[], size?: number) =>
      (contracts[contract] ?? expect.unreachable())(await (formats[format] ?? expect.unreachable())(cells), size)

    test("loads correctly into a database and a file, wherever in the file the proof of the order is", async () => {
      for (let proof = 0; proof < rowCount; proof++) {
        await pool.query("TRUNCATE shipment")
        await clear()
        const path = join(folder, "shipments.csv")
        const shipments = await pipeline(texts(proof))
        const report = await shipments
          .into(postgres<Shipment>({ pool, table: "shipment" }))
          .into(csvFile(path))
          .run()
        expect(report, `proof in row ${proof}`).toMatchObject({ read: rowCount, loaded: rowCount, rejected: 0 })
        const { rows } = await pool.query(`SELECT "at"::text FROM shipment ORDER BY id`)
        expect(rows.map(({ at }) => at)).toEqual(days(proof))
        expect(await readFile(path, "utf8")).toBe(
          `id,at\r\n${days(proof)
            .map((at, id) => `${id},${at}\r\n`)
            .join("")}`,
        )
        const isLate = proof >= batchRows
        const [delivery] = report.deliveries
        expect(delivery?.notices.filter(({ code }) => code === "plan.revised")).toHaveLength(isLate ? 1 : 0)
        expect(delivery?.plan).toMatchObject({ dates: { at: "day-first" } })
        const entries = []
        for await (const entry of storedRuns(pool)) entries.push(entry)
        expect(entries).toMatchObject([{ id: delivery?.deliveryId, status: "committed", loaded: rowCount }])
      }
    })

    test("ends as if the whole file had been the sample, whatever its later rows say", async () => {
      for (const cells of [
        texts(5),
        texts(7, "12/25/2025"),
        ["25/12/2025", ...texts(5, "12/25/2025").slice(1)],
        ["01/02/2025", "05/05/2025", "12/25/2025", "02/03/2025", "2025-01-01", "25/12/2025", "", "x"],
        ["2025-01-01", "2025-01-02", "25.12.2025", "26.12.2025", "01/02/2025", "", "", ""],
        ["2025-01-01", "2025-01-02", "25.12.2025", "12/26/2025", "", "", "", ""],
      ]) {
        const outcome = async (size: number) => {
          const rows = memory<Shipment>()
          const report = await (await pipeline(cells, size)).into(rows).run()
          const [delivery] = report.deliveries
          const { score, issues, plan } = delivery ?? expect.unreachable()
          return {
            rows: rows.rows,
            rejects: rows.rejects,
            issues,
            score,
            headers: plan["headers"],
            counts: [report.read, report.loaded, report.rejected],
          }
        }
        expect(await outcome(batchRows), cells.join()).toEqual(await outcome(1000))
      }
    })
  })
})

describe("a delivery whose rows contradict the plan", () => {
  const late = (cells = texts(7)) =>
    createPipeline({ name: "late", batchRows })
      .from(bytes(`id,at\n${cells.map((cell, id) => `${id},${cell}\n`).join("")}`, { name: "late.csv" }))
      .normalize({ columns: { at: cell.date() } })

  test("starts again in the same attempt, counts from 0, and leaves no rejects of the first reading", async () => {
    const progress: Progress[] = []
    const rejects = memory<Reject>()
    const target = memory<unknown>()
    const report = await late()
      .into(target)
      .rejectsInto(rejects)
      .run({ onProgress: (event) => progress.push(event) })
    expect(report).toMatchObject({ read: 8, loaded: 8, rejected: 0 })
    expect(target.reports).toEqual(report.deliveries)
    expect([target.rows.length, rejects.rows.length]).toEqual([8, 0])
    expect(progress.map(({ read, attempt }) => [read, attempt])).toEqual([2, 4, 6, 2, 4, 6, 8].map((read) => [read, 1]))
    expect(report.deliveries[0]?.notices).toEqual([
      {
        code: "plan.revised",
        message:
          'Later rows contradicted what the first rows settled, so the file was read again from its start. New facts: the dates of the column "at" are day-first.',
      },
    ])
  })

  test("is planned with what was learned", async () => {
    const report = await late()
      .into(postgres({ pool, table: "shipment" }))
      .plan()
    expect(report.deliveries[0]).toMatchObject({ outcome: "dry", withheld: 8, rejected: 0 })
    expect((await pool.query("SELECT FROM rowgate.run")).rowCount).toBe(0)
  })

  test("learns about all columns in one reading", async () => {
    const cells = texts(3).map((cell, row) => [cell, texts(5)[row], texts(7, "12/25/2025")[row]].join())
    const report = await createPipeline({ name: "three", batchRows })
      .from(bytes(`a,b,c\n${cells.join("\n")}\n`))
      .normalize({ columns: { a: cell.date(), b: cell.date(), c: cell.date() } })
      .into(memory())
      .run()
    expect(report).toMatchObject({ loaded: 8, rejected: 0 })
    expect(report.deliveries[0]?.notices).toHaveLength(1)
    expect(report.deliveries[0]?.plan).toMatchObject({ dates: { a: "day-first", b: "day-first", c: "month-first" } })
  })

  test("stops if its rows can be read only once", async () => {
    const rows = ["25/12/2025", "03/04/2025", "12/25/2025"].map((at) => ({ at }))
    const generator = function* () {
      yield* rows
    }
    const stored = createPipeline({ name: "once", batchRows: 1 })
    const contract = { columns: { at: cell.date() } }
    const once = memory<unknown>()
    await expect(stored.fromRows(generator()).normalize(contract).into(once).run()).rejects.toMatchObject({
      code: "PLAN_CONTRADICTED",
      message: expect.stringContaining("row 3, column at"),
    })
    expect(once.rows).toEqual([])
    const report = await stored.fromRows(rows).normalize(contract).into(memory()).run()
    expect(report).toMatchObject({ loaded: 2, rejected: 1 })
    expect(report.deliveries[0]?.issues).toEqual({ "date.ambiguous": 1 })
  })

  test("stops in a preview, because its rows were already returned", async () => {
    const look = async () => {
      for await (const _ of late(["25/12/2025", "03/04/2025", "12/25/2025"]).rows());
    }
    await expect(look()).rejects.toMatchObject({ code: "PLAN_CONTRADICTED" })
  })

  test("starts again at most twice", async () => {
    const seen: unknown[] = []
    const restless: Stage<unknown, unknown> = async function* restless(batches, { plan }) {
      const settled = plan?.settle("restless", () => 0) ?? 0
      seen.push(settled)
      for await (const batch of batches) {
        plan?.contradict({ own: { restless: settled + 1 } })
        yield batch
      }
    }
    const report = await createPipeline({ name: "restless" }).from(bytes("a\n1\n")).pipe(restless).into(memory()).run()
    expect(seen).toEqual([0, 1, 2])
    expect(report).toMatchObject({ loaded: 1 })
    expect(report.deliveries[0]?.notices.map(({ code }) => code)).toEqual(["plan.revised", "plan.revised"])
  })

  test("is still tried as often as the options allow", async () => {
    const { RowgateError } = await import("../../src/index.ts")
    let failures = 2
    const kept = memory<unknown>()
    const flaky: Sink<unknown> = {
      ...kept,
      async open(context, delivery) {
        const session = await kept.open(context, delivery)
        return {
          write: (batch) => session.write(batch),
          commit: async (report) => {
            if (failures-- > 0) throw new RowgateError({ code: "LEASE_LOST", message: "lost", retryable: true })
            await session.commit(report)
          },
          [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
        }
      },
    }
    const report = await late()
      .into(flaky)
      .run({ retry: { attempts: 3, delayMs: 1 } })
    expect(report).toMatchObject({ loaded: 8 })
    expect(kept.rows).toHaveLength(8)
  })

  test("that is cut off in its second reading leaves only an entry that says so", async () => {
    const path = join(folder, "cut-off.csv")
    const aborter = new AbortController()
    let readings = 0
    const onProgress = ({ read }: Progress) => {
      if (read === batchRows) readings++
      if (readings === 2 && read === 4) aborter.abort()
    }
    const running = late()
      .into(postgres({ pool, table: "shipment" }))
      .into(csvFile(path))
      .run({ signal: aborter.signal, onProgress })
    await expect(running).rejects.toMatchObject({ code: "ABORTED" })
    expect(readings).toBe(2)
    expect((await pool.query("SELECT FROM shipment")).rowCount).toBe(0)
    expect((await readdir(folder)).filter((name) => name.includes("cut-off"))).toEqual([])
    expect((await pool.query("SELECT status FROM rowgate.run")).rows).toEqual([{ status: "failed" }])
    const again = await late()
      .into(postgres({ pool, table: "shipment" }))
      .run()
    expect(again).toMatchObject({ loaded: 8 })
  })

  test("leaves no row and no file if its process is killed in the second reading, and loads in the next run", async () => {
    const path = join(folder, "killed.csv")
    const program = `
      import { bytes, cell, createPipeline, csvFile } from "./src/index.ts"
      import { postgres } from "./src/postgres.ts"
      let readings = 0
      await createPipeline({ name: "late", batchRows: 2 })
        .from(bytes(${JSON.stringify(
          `id,at\n${texts(7)
            .map((cell, id) => `${id},${cell}\n`)
            .join("")}`,
        )}, { name: "late.csv" }))
        .normalize({ columns: { at: cell.date() } })
        .into(postgres({ url: ${JSON.stringify(url)}, table: "shipment" }))
        .into(csvFile(${JSON.stringify(path)}))
        .run({ onProgress: ({ read }) => {
          if (read === 2) readings++
          if (readings === 2 && read === 4) process.kill(process.pid, "SIGKILL")
        } })`
    const killed = spawn(
      process.execPath,
      ["--import", "tsx", "--import", "./tools/sql-import.mjs", "--input-type=module", "-e", program],
      {
        stdio: "inherit",
      },
    )
    const [, signal] = await once(killed, "exit")
    expect(signal).toBe("SIGKILL")
    expect((await pool.query("SELECT FROM shipment")).rowCount).toBe(0)
    expect(await readdir(folder)).not.toContain("killed.csv")
    const report = await late()
      .into(postgres({ pool, table: "shipment", staleMs: 1000, heartbeatMs: 100 }))
      .into(csvFile(path))
      .run()
    expect(report).toMatchObject({ loaded: 8 })
    expect((await pool.query("SELECT FROM shipment")).rowCount).toBe(8)
    expect((await readdir(folder)).filter((name) => name.includes("killed"))).toEqual(["killed.csv"])
  }, 30_000)

  test("ignores failures under the wrong plan, and stops for failures under the right one", async () => {
    const fussy = (when: string) =>
      late().pipe(async function* fussy(batches, { plan }) {
        for await (const batch of batches) {
          if (plan?.dates("at") === when && batch.origin(0).row > 6) throw new Error("fussy")
          yield batch
        }
      })
    expect(await fussy("undecided").into(memory()).run()).toMatchObject({ loaded: 8 })
    await expect(fussy("day-first").into(memory()).run()).rejects.toThrow("fussy")
  })
})

describe("JSON whose later records have other keys or kinds", () => {
  const half = Array.from({ length: 10 }, (_, n) => (n < 5 ? { n } : { n, extra: { deep: n * 2 }, "b c": `t${n}` }))
  const ndjson = (rows: readonly object[]) => bytes(rows.map((row) => `${JSON.stringify(row)}\n`).join(""), { name: "late.ndjson" })
  const sources: { readonly [name: string]: (rows: readonly object[], size?: number) => AnyPipeline } = {
    ndjson: (rows, size = batchRows) => createPipeline({ name: "late", batchRows: size }).from(ndjson(rows)),
    json: (rows, size = batchRows) =>
      createPipeline({ name: "late", batchRows: size }).from(bytes(JSON.stringify(rows), { name: "late.json" })),
    "rows of a program": (rows, size = batchRows) => createPipeline({ name: "late", batchRows: size }).fromRows<unknown>(rows),
  }
  const made = async (pipeline: AnyPipeline) => {
    await pool.query("DROP TABLE IF EXISTS late")
    await clear()
    const report = await pipeline
      .into(postgres<{ readonly [column: string]: unknown }>({ pool, table: "late", createTable: true }) as Sink<unknown>)
      .run()
    const types = await pool.query(
      "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'late'::regclass AND attnum > 0 ORDER BY attnum",
    )
    const { rows } = await pool.query("SELECT * FROM late ORDER BY 1")
    const { notices = [], issues, score } = report.deliveries[0] ?? {}
    return { types: types.rows.map(({ attname, type }) => `${attname} ${type}`), rows, loaded: report.loaded, issues, score, notices }
  }

  describe.each(Object.keys(sources))("as %s", (kind) => {
    const from = sources[kind] ?? expect.unreachable()

    test("is loaded into a table and a file with all of its columns, as if the first batch had had them", async () => {
      const { notices, ...late } = await made(from(half))
      const { notices: none, ...whole } = await made(from(half, 100))
      expect(late).toEqual(whole)
      expect(none).toEqual([])
      expect(late.loaded).toBe(10)
      expect(notices.map(({ code }) => code)).toEqual(["plan.revised"])
      const files = await Promise.all(
        [batchRows, 100].map(async (size) => {
          const path = join(folder, `late-${size}.csv`)
          await from(half, size).into(csvFile(path)).run()
          return readFile(path, "utf8")
        }),
      )
      expect(files[0]).toBe(files[1])
      expect(files[0]?.split("\r\n")).toHaveLength(12)
    })

    test("creates a table that fits all kinds of its cells, whichever batch brings the second kind", async () => {
      const cells = [
        [1, 2, 3, 4, 5, "x"],
        [1, 2, 3, true, "x", 6],
        [null, null, null, null, 5, 6],
        [null, null, true, null, false, null],
        ["x", 1, 2, 3, 4, 5],
        [1, 2, null, 4, 5, 6],
      ]
      const rows = Array.from({ length: 6 }, (_, at) => ({
        id: at,
        ...Object.fromEntries(cells.map((column, n) => [`c${n}`, column[at]])),
      }))
      const { notices, ...late } = await made(from(rows))
      const { notices: none, ...whole } = await made(from(rows, 100))
      expect(late).toEqual(whole)
      expect(late.loaded).toBe(6)
      expect(late.types.slice(1).map((type) => type.slice(3))).toEqual([
        "text",
        "text",
        "double precision",
        "boolean",
        "text",
        "double precision",
      ])
      expect([notices.length, none.length]).toEqual([1, 0])
    })

    test("is read once if nothing asks for the late columns", async () => {
      const report = await from(half)
        .validate(z.object({ n: z.number() }))
        .into(memory())
        .run()
      expect(report).toMatchObject({ loaded: 10 })
      expect(report.deliveries[0]?.notices.map(({ code }) => code)).toEqual(["column.discarded"])
    })
  })

  test("a key that is null before it holds objects is not a column, as if that had been known", async () => {
    const rows = [{ a: null }, { a: null }, { a: { x: 1 } }, { a: { y: 2 } }]
    const names = async (size: number) => {
      const target = memory<object>()
      await (sources["ndjson"]?.(rows, size) ?? expect.unreachable()).into(target as Sink<unknown>).run()
      return target.rows.map((row) => ({ ...row }))
    }
    expect(await names(1)).toEqual(await names(100))
    expect((await names(1))[0]).toEqual({ "a.x": null, "a.y": null })
  })

  test("into an existing table: a late column fails no row, and a column that the table lacks is named", async () => {
    await pool.query("DROP TABLE IF EXISTS late; CREATE TABLE late (n int, b int)")
    const rows = [{ n: 1 }, { n: 2 }, { n: 3, b: 3 }]
    const target = () => postgres<{ readonly [column: string]: unknown }>({ pool, table: "late" }) as Sink<unknown>
    expect(await (sources["ndjson"]?.(rows) ?? expect.unreachable()).into(target()).run()).toMatchObject({ loaded: 3 })
    await expect((sources["ndjson"]?.([...rows, { c: 1 }]) ?? expect.unreachable()).into(target()).run()).rejects.toMatchObject({
      code: "SINK_SCHEMA_MISMATCH",
      message: expect.stringContaining("has no column c"),
    })
  })
})

describe("a csv file whose encoding shows only after the sample", () => {
  const plain = Array.from({ length: 12_000 }, (_, at) => `${at},plain ascii name ${at}\n`).join("")
  const latin = (text: string) => Buffer.from(text, "latin1")
  const content = (...rows: readonly Uint8Array[]) => Buffer.concat([Buffer.from(`id,name\n${plain}`), ...rows])
  const load = async (file: Uint8Array, name = "names.csv") => {
    const rows = memory<{ readonly id: string; readonly name: string }>()
    const report = await createPipeline({ name: "names" })
      .from(bytes(file, { name }))
      .into(rows as Sink<unknown>)
      .run()
    const { issues, notices: all = [], plan } = report.deliveries[0] ?? {}
    // A few names that are unlike thousands of others are suspect, which is not what these tests are about.
    const notices = all.filter(({ code }) => code !== "column.suspect")
    return { names: rows.rows.slice(12_000).map((row) => row.name), read: report.read, rejected: report.rejected, issues, notices, plan }
  }

  test("is read again in the encoding of the whole file", async () => {
    const { names, rejected, issues, notices, plan } = await load(content(latin("1,Café Zürich £5\n2,Señor Müller\n")))
    expect({ names, rejected, issues }).toEqual({ names: ["Café Zürich £5", "Señor Müller"], rejected: 0, issues: {} })
    expect(notices).toEqual([
      { code: "plan.revised", message: expect.stringContaining('New facts: the table "names.csv" is in windows-1252.') },
    ])
    expect(plan).toMatchObject({ dialects: { "names.csv": { encoding: { value: "windows-1252" } } } })
  })

  test("is read again if a later byte is a control character in the encoding of the sample", async () => {
    const rene = "0,Ren\xe9\n".repeat(36_000)
    const words = ["1,\x9dava", "2,\x8ar\xed \x9d", "3,L\xeds\x9dok", "4,\x8ed\xe1r \x8e\xeftanec"].map((row) => `${row}\n`)
    const early = Buffer.concat([latin("id,name\n"), latin(rene), latin(words.join(""))])
    const { names, rejected, notices } = await load(early)
    expect(names.slice(-4)).toEqual(["ťava", "Šrí ť", "Lísťok", "Ždár Žďtanec"])
    expect(names[0]).toBe("René")
    expect(rejected).toBe(0)
    expect(notices).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('the table "names.csv" is in windows-1250') }),
    )
  })

  test("learns Cyrillic and Japanese too", async () => {
    const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x20, 0xec, 0xe8, 0xf0])
    const { names } = await load(content(Buffer.from("1,"), cyrillic, Buffer.from("\n2,"), cyrillic, Buffer.from("\n")))
    expect(names).toEqual(["Привет мир", "Привет мир"])
    const japanese = Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x82, 0xcc, 0x83, 0x65, 0x83, 0x58, 0x83, 0x67])
    expect((await load(content(Buffer.from("1,"), japanese, Buffer.from("\n")))).names).toEqual(["日本のテスト"])
  })

  test("stays UTF-8 and is read once if only one row is damaged", async () => {
    const { names, rejected, issues, notices } = await load(content(Buffer.from("1,Zürich\n2,Genève\n"), latin("3,Bâle\n")))
    expect(names).toEqual(["Zürich", "Genève"])
    expect({ rejected, issues, notices }).toEqual({ rejected: 1, issues: { "text.invalid_utf8": 1 }, notices: [] })
  })

  test("keeps the encoding that an option or a byte order mark states", async () => {
    const file = content(latin("1,Café\n"))
    const declared = await createPipeline({ name: "declared" })
      .from(bytes(file))
      .parse(csv({ encoding: "utf-8" }))
      .into(memory())
      .run()
    expect(declared).toMatchObject({ rejected: 1, deliveries: [{ notices: [] }] })
    expect(await load(Buffer.concat([Buffer.from("\ufeff"), file]))).toMatchObject({ rejected: 1, notices: [] })
  })

  test("may have its own encoding in each file of an archive, even if two files have one name", async () => {
    const packed = zipBytes([
      { name: "a/names.csv", content: content(latin("1,Café\n")) },
      { name: "b/names.csv", content: content(Buffer.from("1,Zürich\n")) },
    ])
    const { names, rejected } = await load(packed, "names.zip")
    expect(names.filter((name) => !name.startsWith("plain"))).toEqual(["Café", "Zürich"])
    expect(rejected).toBe(0)
  })

  test("loads the same rows as if its encoding had been declared", async () => {
    const file = content(latin('1,"Café, Zürich"\n2,"x""é"\n3\n4,é,5\n'))
    const rows = async (parser: ReturnType<typeof csv>) => {
      const [target, rejects] = [memory<unknown>(), memory<Reject>()]
      await createPipeline({ name: "same" }).from(bytes(file)).parse(parser).into(target).rejectsInto(rejects).run()
      return { rows: target.rows.slice(-5), rejects: rejects.rows }
    }
    expect(await rows(csv())).toEqual(await rows(csv({ encoding: "windows-1252" })))
  })
})

describe("a csv file whose records turn out to be wider than its sample", () => {
  const long = 20_000
  const load = async (text: string, options: Parameters<typeof csv>[0] = {}) => {
    const [rows, rejects] = [memory<object>(), memory<Reject>()]
    const report = await createPipeline({ name: "wide" })
      .from(bytes(text, { name: "wide.csv" }))
      .parse(csv(options))
      .into(rows as Sink<unknown>)
      .rejectsInto(rejects)
      .run()
    const { issues, notices = [] } = report.deliveries[0] ?? {}
    return {
      rows: rows.rows.map((row) => ({ ...row })),
      rejected: report.rejected,
      issues,
      codes: notices.map(({ code }) => code).filter((code) => code !== "column.suspect"),
    }
  }
  const lines = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => `${line(at)}\n`).join("")

  test("keeps a value in a field that was blank and unnamed throughout the sample", async () => {
    const text = `id,name,,\n${lines(long, (at) => `${at},name ${at},,`)}7,x,late,\n8,y,,\n`
    const { rows, rejected, codes } = await load(text)
    expect(rejected).toBe(0)
    expect(rows).toHaveLength(long + 2)
    expect(rows.slice(-2)).toEqual([
      { id: "7", name: "x", column_3: "late" },
      { id: "8", name: "y", column_3: null },
    ])
    expect(rows[0]).toEqual({ id: "0", name: "name 0", column_3: null })
    expect(codes).toContain("plan.revised")
    // If the sample covers the whole file, the result is the same.
    const short = await load("id,name,,\n1,a,,\n2,b,,\n7,x,late,\n8,y,,\n")
    expect(short.rows.slice(-2)).toEqual(rows.slice(-2))
  })

  test("takes the width of most records if it has no header", async () => {
    const text = `${lines(long, (at) => `${at},2024-01-01`)}${lines(3 * long, (at) => `${at},2024-01-02,new ${at}`)}`
    const { rows, rejected, issues, codes } = await load(text)
    expect([rows.length, rejected, issues]).toEqual([3 * long, long, { "row.ragged": long }])
    expect(rows[0]).toEqual({ column_1: "0", column_2: "2024-01-02", column_3: "new 0" })
    expect(codes.filter((code) => code === "plan.revised")).toHaveLength(1)
  })

  test("keeps the width of its header, however many records do not fit", async () => {
    const text = `id,name\n${lines(long, (at) => `${at},name ${at}`)}${lines(3 * long, (at) => `${at},name ${at},new ${at}`)}`
    const { rows, rejected, codes } = await load(text)
    expect([rows.length, rejected, rows[0], codes]).toEqual([long, 3 * long, { id: "0", name: "name 0" }, []])
  })

  test("is read once if only a few records have another width", async () => {
    const { rows, rejected, codes } = await load(`id,name\n${lines(long, (at) => `${at},n`)}1\n1,2,3\n1,2,3,4\n`)
    expect([rows.length, rejected, codes]).toEqual([long + 1, 2, []])
  })
})

test("rows in batches of any size load as if the first batch had contained all of them", async () => {
  const anyCell = fc.constantFrom<unknown>(
    null,
    1,
    "x",
    true,
    "03/04/2025",
    "05/05/2025",
    "25/12/2025",
    "12/25/2025",
    "2025-01-02",
    { deep: 1 },
    {},
  )
  const row = fc.dictionary(fc.constantFrom("a", "b", "c", "d e"), anyCell, { maxKeys: 4 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (rows, size, isLines) => {
        const outcome = async (batchRows: number) => {
          const [target, rejects] = [memory<object>(), memory<Reject>()]
          const start = createPipeline({ name: "any", batchRows })
          const from = isLines
            ? start.from(bytes(rows.map((each) => `${JSON.stringify(each)}\n`).join(""), { name: "any.ndjson" })).parse(ndjsonParser())
            : start.fromRows<unknown>(rows)
          const report = await from
            .normalize({ columns: { a: cell.date(), b: cell.date() } })
            .into(target as Sink<unknown>)
            .rejectsInto(rejects)
            .run()
          const { issues, score } = report.deliveries[0] ?? {}
          return { rows: target.rows.map((each) => ({ ...each })), rejects: rejects.rows, issues, score }
        }
        expect(await outcome(size)).toEqual(await outcome(1000))
      },
    ),
    { numRuns: 150 },
  )
})
