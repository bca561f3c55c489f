import { describe, expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import type { CsvOptions } from "../../../src/parsers/csv/csv-options.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"
import { workbookBytes } from "../xlsx/workbook-bytes.ts"

interface Reading {
  readonly batchRows?: number
  readonly options?: CsvOptions
}

/** The issues of a csv text, as `row: code`, in the order of rows. */
async function suspects(text: string, { batchRows = 4096, options = {} }: Reading = {}): Promise<readonly string[]> {
  const { issues } = await readTable(csv(options), chunkedFile(text, 19), { batchRows })
  return [...issues].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
}

/** The same rows in a sheet: numbers as numbers. */
async function inSheet(rows: readonly (readonly (string | number | null)[])[], batchRows: number): Promise<readonly string[]> {
  const written = rows.map((cells, at) => {
    const own = cells.map((cell, j) => {
      const address = `r="${String.fromCharCode(65 + j)}${at + 1}"`
      if (cell === null) return ""
      return typeof cell === "string" ? `<c ${address} t="str"><v>${cell}</v></c>` : `<c ${address}><v>${cell}</v></c>`
    })
    return `<row r="${at + 1}">${own.join("")}</row>`
  })
  const { issues } = await readTable(xlsx(), chunkedFile(workbookBytes({ rows: written.join("") }), undefined, "memory/book.xlsx"), {
    batchRows,
  })
  return [...issues].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
}

describe("a total", () => {
  test("needs a label and a sum that fits, of two rows or more", async () => {
    for (const text of [
      "region,amount\nNorth,10\nSouth,20\nTotal,30\n",
      "region,amount\nNorth,10\nSouth,20\nNorth and South Total,30\n",
      "Region;Betrag\nA;10,5\nB;20,5\nGesamt Nord;31,0\n",
      "Region;Betrag\nA;10,5\nB;20,5\nNord gesamt:;31,0\n",
      "Région;Montant\nNord;1 234,50\nSud;2 000,50\nTotal général;3 235,00\n",
      "Región;Importe\nNorte;1.234,50\nSur;2.000,50\nSuma total;3.235,00\n",
      "województwo;kwota\nA;1 234,50\nB;2 000,50\nOgółem;3 235,00\n",
      "地域,金額\n東京,1000\n大阪,500\n合計,1500\n",
      "a,x,y\nN,10,0\nS,20,0\nTotal,30,0\n",
      "a,x,price\nN,10,3.5\nS,20,4.5\nTotal,30,3.9\n",
      "region,amount\nNorth,10\nSouth,20\n,30\n",
    ])
      expect(await suspects(text), text).toEqual(["2: table.total"])
  })

  test("is known amid the table, with the totals of totals, whatever the batches", async () => {
    for (const [text, rows] of [
      ["region,amount\nA,10\nB,20\nNorth Total,30\nC,5\nD,6\nSouth Total,11\nGrand Total,41\n", [2, 5, 6]],
      ["Region;Betrag\nA;10,5\nB;20,5\nZwischensumme;31,0\nC;5\nSüd gesamt;5\nGesamt;36,00\n", [2, 4, 5]],
      ["region,city,amount\nN,A,10\nN,B,20\nSubtotal N,,30\nS,C,5\nS,D,6\nSubtotal S,,11\nTotal,,41\n", [2, 5, 6]],
      ["geo,sex,v\nDE,male,10\nDE,female,12\nDE,total,22\nFR,male,1\nFR,female,2\nFR,total,3\n", [2, 5]],
      ["地域,金額\n東京,1000\n大阪,500\n関東 小計,1500\n京都,7\n奈良,8\n小計,15\n総計,1515\n", [2, 5, 6]],
      ["shop,share,rate\nA,50%,1\nB,20%,1\nC,30%,1\nSubtotal A to C,,1\nD,9%,1\nE,8%,1\n", [3]],
    ] as const)
      for (const batchRows of [1, 2, 3, 4096]) {
        expect(await suspects(text, { batchRows }), text).toEqual(rows.map((row) => `${row}: table.total`))
      }
  })

  test("is known in a sheet too, also where its footer lies in two batches", async () => {
    const rows = [
      ["region", "amount"],
      ["A", 10],
      ["B", 20],
      ["North Total", 30],
      ["C", 5],
      ["D", 6],
      ["Total", 41],
      ["Stand: 01.02.2024", null],
    ]
    for (const batchRows of [1, 2, 3, 4, 5, 6, 8192])
      expect(await inSheet(rows, batchRows), String(batchRows)).toEqual(["2: table.total", "5: table.total", "6: table.note"])
  })

  test("is known below a table of several batches, even without the sum of all rows", async () => {
    const body = Array.from({ length: 5000 }, (_, at) => `shop ${at},${at}\n`).join("")
    expect(await suspects(`shop,amount\n${body}Total,12497500\n`)).toEqual(["5000: table.total"])
    expect(await suspects(`shop,amount\n${body}Total,4\n`)).toEqual([])
    const deep = Array.from({ length: 3000 }, (_, at) => (at % 3 === 2 ? `Subtotal ${at},${2 * at - 3}\n` : `shop ${at},${at}\n`)).join("")
    expect(await suspects(`shop,amount\n${deep}end,7\n`)).toHaveLength(1000)
  })

  test("is no name of a customer or product without a sum that fits", async () => {
    for (const text of [
      "name,amount\nTotal Energies,10\nShell,20\nBP,30\n",
      "name,amount\nShell,20\nTotal Energies,10\nBP,30\nTotal,7\nExxon,8\n",
      "name,amount\nShell,20\nBP,30\nTotal Energies,10\n",
      "name,amount\nShell,20\nTotal,20\nBP,30\nSum Ltd,31\n",
      "product,qty,note\nTotal,4,\nCrest,5,new\nTotal,6,\nCrest,7,old\n",
      "name,qty\nA,1\nB,2\n,\nC,4\n",
      "id,name,qty\n1,A,1\n2,B,2\n3,,3\n",
    ])
      for (const batchRows of [1, 2, 4096]) expect(await suspects(text, { batchRows }), text).toEqual([])
  })
})

test("a balance, an average or a tax in the last rows is told like a total", async () => {
  const bank = "Buchungstag;Zweck;Betrag;Saldo\n02.01.2024;Miete;-800,00;1.200,00\n03.01.2024;Gehalt;2.500,00;3.700,00\n"
  for (const [text, rows] of [
    [`${bank};Endsaldo;;3.700,00\n`, [2]],
    [`${bank}Saldo am 31.01.2024;;;3.700,00\n`, [2]],
    ["Date;Libellé;Débit\n02/01/2024;Loyer;800,00\n03/01/2024;Gaz;50,00\nTotal;;850,00\nSolde au 31/01/2024;;1 650,00\n", [2, 3]],
    ["Artikel;Menge;Preis\nA;1;2,50\nB;2;3,50\nGesamtsumme;;6,00\nMwSt 19%;;1,14\nBrutto;;7,14\n", [2, 3, 4]],
    ["name;Q1;Q2\nA;5;6\nB;7;8\nSumme;12;14\nDurchschnitt;6;7\n", [2, 3]],
  ] as const)
    for (const batchRows of [1, 2, 3, 4096])
      expect(await suspects(text, { batchRows }), text).toEqual(rows.map((row) => `${row}: table.total`))
  for (const text of ["shop,sales\nLidl,5\nNetto,7\n", `${bank}04.01.2024;Saldo;5;6\n`, "test,note,value\nSD,a,5\nMean,b,6\nMedian,c,7\n"])
    expect(await suspects(text), text).toEqual([])
})

describe("a note", () => {
  test("below a total is one, however it begins, and the total above it is seen", async () => {
    for (const [note, code] of [
      ["Erstellt am 01.02.2024;", "table.note"],
      ["Stand 2024;", "table.note"],
      ["Źródło: GUS;", "table.note"],
      ["Édité le 3 mai 2024;", "table.note"],
      ["irgendein Satz;", "table.note"],
      ["Erstellt am 01.02.2024", "row.ragged"],
    ] as const)
      for (const batchRows of [1, 2, 3, 4096])
        expect(await suspects(`Region;Betrag\nA;10,5\nB;20,5\nSumme;31,0\n${note}\n`, { batchRows }), note).toEqual([
          "2: table.total",
          `3: ${code}`,
        ])
  })

  test("is part of a footer that lies in two batches, which is dropped on request", async () => {
    const text = `a,b,c\n${"x,1,2\n".repeat(4)}Total,4,\n,,\nSource: the shop,,\nPage 1,,\n`
    for (const batchRows of [3, 4, 5, 6, 7, 4096]) {
      expect(await suspects(text, { batchRows })).toEqual(["4: table.total", "5: table.blank", "6: table.note", "7: table.note"])
      const { batches } = await readTable(csv({ footer: "drop" }), chunkedFile(text), { batchRows })
      expect(
        batches.reduce((sum, batch) => sum + batch.selection.size, 0),
        String(batchRows),
      ).toBe(4)
    }
  })

  test("is no row with one value above data", async () => {
    for (const text of ["a,b\nx,1\ny,2\nnote only,\nz,3\n", "a,b\nx,1\ny,2\nz,3\nSmith,\n"])
      for (const batchRows of [1, 2, 3, 4096]) expect(await suspects(text, { batchRows }), text).toEqual([])
  })
})
