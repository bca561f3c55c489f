import { Bitmask } from "../../src/model/bitmask.ts"
import type { Column } from "../../src/model/column.ts"
import { BytesColumn } from "../../src/model/columns/bytes-column.ts"
import { DictionaryColumn } from "../../src/model/columns/dictionary-column.ts"
import { ValueColumn } from "../../src/model/columns/value-column.ts"

type Texts = readonly (string | null)[]

/** Text as a parser of text files holds it: ranges of one buffer, with bytes of other cells around each. */
export function bytesColumn(texts: Texts): BytesColumn {
  const pieces: Buffer[] = []
  const starts = new Uint32Array(texts.length)
  const ends = new Uint32Array(texts.length)
  let end = 0
  texts.forEach((text, row) => {
    const bytes = Buffer.from(text ?? "")
    // The neighbour's digits stand directly before and behind, so that a kernel which reads past its range gives itself away.
    pieces.push(Buffer.from("7"), bytes, Buffer.from("9"))
    starts[row] = end + 1
    end += bytes.length + 2
    ends[row] = end - 1
  })
  return new BytesColumn(Buffer.concat(pieces), starts, ends, texts.length, nullsOf(texts))
}

/** Text as a workbook's shared strings hold it: each distinct text once. */
function dictionaryColumn(texts: Texts): DictionaryColumn {
  const values = [...new Set(texts.filter((text) => text !== null))]
  const codes = Uint32Array.from(texts, (text) => (text === null ? 0 : values.indexOf(text)))
  return new DictionaryColumn(codes, values, texts.length, nullsOf(texts))
}

/** Text among cells of any kind. */
function valueColumn(texts: Texts): ValueColumn<string> {
  return new ValueColumn<string>(texts)
}

/** The same text in every layout that can hold it. */
export const textLayouts: { readonly [layout: string]: (texts: Texts) => Column<string> } = {
  bytes: bytesColumn,
  dictionary: dictionaryColumn,
  value: valueColumn,
}

/** All values of a column. */
export function cellsOf(column: Column<unknown>): unknown[] {
  return Array.from({ length: column.length }, (_, row) => column.at(row))
}

function nullsOf(texts: Texts): Bitmask {
  const nulls = new Bitmask(texts.length)
  texts.forEach((text, row) => {
    if (text === null) nulls.set(row)
  })
  return nulls
}
