import { describe, expect, test } from "vitest"
import { bytes, createPipeline } from "../../src/index.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

interface Order {
  readonly orderId: number
  readonly unitPrice: number
}

const { pool } = await ledgerDatabase()

/** Loads an order, and returns the table's rows. */
async function rowsAfter(table: string, options: Partial<PostgresOptions<Order>> = {}, order: Order = { orderId: 1, unitPrice: 2 }) {
  const sink = postgres<Order>({ pool, table, ...options } as PostgresOptions<Order>)
  await createPipeline({ name: table }).fromRows([order]).into(sink).run()
  return (await pool.query(`SELECT * FROM ${table}`)).rows
}

describe("without naming", () => {
  test.each([
    ["has_exact", '"orderId" int, "unitPrice" int', { orderId: 1, unitPrice: 2 }],
    ["has_snake", "order_id int, unit_price int", { order_id: 1, unit_price: 2 }],
    ["has_mixed", '"orderId" int, unit_price int', { orderId: 1, unit_price: 2 }],
    ["has_both", '"orderId" int, order_id int, unit_price int', { orderId: 1, order_id: null, unit_price: 2 }],
  ])("columns go where the table has them: %s", async (table, columns, row) => {
    await pool.query(`CREATE TABLE ${table} (${columns})`)
    expect(await rowsAfter(table)).toEqual([row])
  })

  test("a key names the column that its property goes to", async () => {
    await pool.query('CREATE TABLE keyed_exact ("orderId" int PRIMARY KEY, unit_price int)')
    await pool.query("CREATE TABLE keyed_snake (order_id int PRIMARY KEY, unit_price int)")
    for (const table of ["keyed_exact", "keyed_snake"]) {
      await rowsAfter(table, { mode: "upsert", key: ["orderId"] })
      const [row, ...others] = await rowsAfter(table, { mode: "upsert", key: ["orderId"] }, { orderId: 1, unitPrice: 3 })
      expect([row?.["unit_price"], others]).toEqual([3, []])
    }
  })

  test("a table that rowgate creates has snake_case names", async () => {
    expect(await rowsAfter("made", { createTable: true })).toEqual([{ order_id: 1, unit_price: 2 }])
  })
})

test("naming: exact keeps the names of properties, snake_case never does", async () => {
  expect(await rowsAfter("made_exact", { createTable: true, naming: "exact" })).toEqual([{ orderId: 1, unitPrice: 2 }])
  await pool.query('CREATE TABLE other ("orderId" int, unit_price int)')
  for (const naming of ["exact", "snake_case"] as const)
    await expect(rowsAfter("other", { naming })).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
})

test("two columns that the options give one name are refused before the table is created", async () => {
  const columns = { orderId: "id", unitPrice: "id" }
  await expect(rowsAfter("clash", { createTable: true, columns })).rejects.toMatchObject({
    code: "SINK_SCHEMA_MISMATCH",
    message: "orderId and unitPrice both go into the column id of public.clash.",
  })
})

describe("columns whose names become equal", () => {
  const load = async (table: string, csv: string, options: object = {}) => {
    const report = await createPipeline({ name: table })
      .from(bytes(csv))
      .into(postgres({ pool, table, createTable: true, ...options } as PostgresOptions<object>))
      .run()
    const notices = report.deliveries[0]?.notices.filter(({ code }) => code.startsWith("target.")).map(({ message }) => message)
    const { fields, rows } = await pool.query({ text: `SELECT * FROM ${table}`, rowMode: "array" })
    return { names: fields.map(({ name }) => name), rows, notices }
  }

  test("get numbers, and a notice says which", async () => {
    expect(await load("net_gross", "net%,net!,n\n1,2,3\n")).toEqual({
      names: ["net_2", "net", "n"],
      rows: [["1", "2", "3"]],
      notices: ['Columns of public.net_gross cannot have the same name, or the name of a system column: "net%" goes into net_2.'],
    })
  })

  test("leave the name to the one that has it already, and do not take the name of another column", async () => {
    const { names, rows } = await load("taken", "Unit-Price,unit_price,UNIT PRICE,unit_price_2\n1,2,3,4\n")
    expect(Object.fromEntries(names.map((name, at) => [name, rows[0]?.[at]]))).toEqual({
      unit_price: "2",
      unit_price_2: "4",
      unit_price_3: "3",
      unit_price_4: "1",
    })
  })

  test("go into the same columns from a file that has them in another order", async () => {
    await load("turned", "a b,a-b,a.b\n1,2,3\n")
    expect((await load("turned", "a.b,a b,a-b\n3,1,2\n")).rows).toEqual([
      ["1", "2", "3"],
      ["1", "2", "3"],
    ])
  })

  test("are reported if a later file has only some of them, which may belong to another column", async () => {
    const doubt = (column: string, name: string, unfilled: string, table: string) =>
      `"${column}" goes into ${name}, but it may belong to ${unfilled} of public.${table}, which this file does not fill. Name its column in \`columns\`.`
    await load("partly", "net%,net!\n1,2\n")
    expect((await load("partly", "net%\n3\n")).notices).toEqual([doubt("net%", "net", "net_2", "partly")])
    const named = await load("partly", "net%\n4\n", { columns: { "net%": "net_2" } })
    expect([named.notices, named.rows.at(-1)]).toEqual([
      ["The file has no column for net of public.partly: it stays null in new rows."],
      ["4", null],
    ])
    await load("three", "a b,a-b,a.b\n1,2,3\n")
    expect((await load("three", "a b,a.b\n4,5\n")).notices?.slice(1)).toEqual([
      doubt("a b", "a_b", "a_b_3", "three"),
      doubt("a.b", "a_b_2", "a_b_3", "three"),
    ])
    expect((await load("three", "a b,a-b,a.b\n6,7,8\n")).notices).toHaveLength(1)
  })

  test("are not in doubt if a header of plain words stands alone, because a table may have numbered columns of its own", async () => {
    await load("homes", "Address,Address 2\nStreet,Floor\n")
    expect((await load("homes", "Address\nStreet\n")).notices).toEqual([
      "The file has no column for address_2 of public.homes: it stays null in new rows.",
    ])
  })

  test("can be the key of a merge", async () => {
    const options = { mode: "upsert", key: ["id#"] }
    await load("merged", "id#,id?,v\n1,x,old\n", options)
    expect((await load("merged", "id?,id#,v\ny,1,new\n", options)).rows).toEqual([["1", "y", "new"]])
  })

  test("stay apart in a table that has both", async () => {
    await pool.query('CREATE TABLE apart ("orderId" text, order_id text)')
    expect(await load("apart", "order_id,orderId\nsnake,camel\n")).toMatchObject({ rows: [["camel", "snake"]], notices: [] })
  })

  test("are found before the first row if the table lacks the second one, and added with evolve", async () => {
    await pool.query("CREATE TABLE lacks (a_b text)")
    await expect(load("lacks", "a b,a-b\n1,2\n")).rejects.toMatchObject({
      code: "SINK_SCHEMA_MISMATCH",
      message: expect.stringContaining("no column a_b_2"),
    })
  })
})

describe("a name that PostgreSQL would not take as it is", () => {
  const names = async (table: string) =>
    (await pool.query({ text: `SELECT * FROM ${table}`, rowMode: "array" })).fields.map(({ name }) => name)
  const load = (table: string, csv: string) =>
    createPipeline({ name: table })
      .from(bytes(csv))
      .into(postgres({ pool, table, createTable: true }) as never)
      .run()

  test("without letters and digits stays as it is", async () => {
    await load("signs", "name,%,#,€\na,1,2,3\n")
    expect(await names("signs")).toEqual(["name", "%", "#", "€"])
    expect((await load("signs", "name,%,#,€\nb,4,5,6\n")).loaded).toBe(1)
  })

  test("of a system column gets a suffix", async () => {
    const { deliveries } = await load("systems", "ctid,xmin,v\n1,2,3\n")
    expect(await names("systems")).toEqual(["ctid_column", "xmin_column", "v"])
    expect(deliveries[0]?.notices).toContainEqual(expect.objectContaining({ code: "target.renamed" }))
    expect((await load("systems", "ctid,xmin,v\n4,5,6\n")).loaded).toBe(1)
  })

  test("is cut if underscores make it too long, and two such names stay apart", async () => {
    const long = "aB".repeat(31)
    await load("longs", `${long},${long}C\n1,2\n`)
    const [one, other] = await names("longs")
    expect([Buffer.byteLength(one ?? ""), Buffer.byteLength(other ?? "")]).toEqual([63, 63])
    expect(one).not.toBe(other)
    expect((await load("longs", `${long},${long}C\n3,4\n`)).loaded).toBe(1)
  })
})
