import { gzipSync } from "node:zlib"
import { autoParser } from "../../../src/parsers/auto.ts"
import { csv } from "../../../src/parsers/csv/csv.ts"
import type { CsvOptions } from "../../../src/parsers/csv/csv-options.ts"
import { zipBytes } from "../../parsers/files/zip/zip-bytes.ts"
import { fileOf, generatedFile, type HostileCase, type HostileCases, threeSizes } from "../hostile-case.ts"

const giB = 1024 ** 3
const miB = 1024 ** 2
const rows = (count: number) => Array.from({ length: count }, (_, at) => `${at},name ${at},2024-01-01\n`).join("")

/** A pattern between a head and a tail, generated while it is read. */
const generated = (head: string, pattern: string | Uint8Array, bytes: number, tail = "", options: CsvOptions = {}): HostileCase => ({
  parser: csv(options),
  file: generatedFile(head, pattern, bytes, tail),
})

/** A zip of csv files with this many bytes in total. */
function zipOf(bytes: number, files: number): HostileCase {
  const content = "1,2\n".repeat(Math.floor(bytes / files / 4))
  return { parser: autoParser(), file: fileOf(zipBytes(Array.from({ length: files }, (_, at) => ({ name: `${at}.csv`, content })))) }
}

/** A table below a head of markup. */
const detected = (pattern: string, bytes: number): HostileCase => ({
  parser: autoParser(),
  file: generatedFile("", pattern, bytes, "x,y\n1,2\n"),
})

export const cases: HostileCases = {
  "a line of a gibibyte": () => generated("id,name\n1,Ann\n", "x", giB),
  "a first line of a gibibyte": () => generated("", "x", giB),
  "a line of a gibibyte of delimiters": () => generated("id,name\n1,Ann\n", ",", giB),
  "a line of a gibibyte of quotes": () => generated("id,name\n1,Ann\n", '"', giB),
  "a line of a gibibyte of doubled quotes in quotes": () => generated('id,name\n1,Ann\n2,"', '""', giB),
  "an endless record of long fields": () => generated("id,name\n1,Ann\n", `${"x".repeat(60_000)},`, giB),
  "an unclosed quote": () => generated('id,name,day\n1,"Ann,2024-01-01\n', "2,Bert,2024-01-02\n", 32 * miB),
  "an unclosed quote among arbitrary lines": () => generated(`id,name,day\n${rows(15_000)}1,"Ann,2024-01-01\n`, "anything at all\n", giB),
  "an unclosed quote in every line": () => generated(`id,name,day\n${rows(15_000)}`, '2,"Bert,2024-01-02\n', miB),
  "an unclosed quote every hundred lines": () =>
    generated(`id,name,day\n${rows(15_000)}`, `2,"Bert,2024-01-02\n${"1,Ann,2024-01-01\n".repeat(99)}`, 16 * miB),
  "an unclosed quote at the end of the file": () =>
    generated(`id,name,day\n${rows(100)}`, "1,Ann,2024-01-01\n", miB, '2,"Bert,2024-01-02\n'),
  "a hundred thousand columns": () => ({
    parser: csv(),
    file: fileOf(`${Array.from({ length: 100_000 }, (_, at) => `c${at}`).join(",")}\n${"1,".repeat(99_999)}1\n`),
  }),
  "a hundred thousand fields in one row": () => generated("id,name\n1,Ann\n2,Bert\n3,Carla\n", ",", 100_000, "\n4,Dora\n"),
  "sixteen thousand columns": () => {
    const line = (of: (at: number) => string) => `${Array.from({ length: 16_384 }, (_, at) => of(at)).join(",")}\n`
    return { parser: csv(), file: fileOf(line((at) => `c${at}`) + line((at) => String(at)).repeat(40)) }
  },
  "sixteen thousand columns of one name": () => ({
    parser: csv(),
    file: fileOf(`${"a,".repeat(16_383)}a\n${`${"1,".repeat(16_383)}1\n`.repeat(10)}`),
  }),
  "fifty thousand ragged rows": () => generated(`id,name,day\n${rows(15_000)}`, "1,2,3,4\n", 400_000),
  "endless blank lines": () => generated("id,name\n1,Ann\n", "\n", 32 * miB, "2,Bert\n"),
  "endless empty rows": () => generated("id,name\n1,Ann\n", ",\n", 8 * miB, "2,Bert\n"),
  "endless comments": () =>
    generated("# head\nid,name\n1,Ann\n", "# nothing to see here, move on\n", 32 * miB, "\n2,Bert\n", { comment: "#" }),
  "a comment of a gibibyte": () => generated("id,name\n1,Ann\n#", "x", giB, "\n2,Bert\n", { comment: "#" }),
  "a file of white space": () => generated("", " ", giB),
  "a file of NUL": () => generated("", "\0", giB),
  "a file of delimiters and line ends": () => generated("", ",;\t|\n", 8 * miB),
  "bytes that are not text in every row": () =>
    generated("id,name\n1,größe\n2,größe\n3,größe\n", Buffer.from("1,gr\xf6\xdfe\n", "latin1"), miB, "", { encoding: "utf-8" }),
  "UTF-16 with lone surrogates": () => generated("", Buffer.from("\ufeffa,b\n\ud800,1\n", "utf16le"), 2 * miB),
  "names of prototype properties": () => ({ parser: csv(), file: fileOf("__proto__,constructor,toString\n1,2,3\n4,5,6\n") }),
  "a header of a mebibyte in one name": () => generated(`id,${"n".repeat(miB - 10)}\n`, "1,2\n", 4000),
  ...threeSizes("quotes that open in every field", 40_000, (bytes) => generated("", '">=', bytes)),
  ...threeSizes("quotes that open in every field below a header", 40_000, (bytes) => generated("id>=name\n1>=Ann\n", '">=', bytes)),
  ...threeSizes("stray quotes in every field of a line", 40_000, (bytes) => generated("id,name\n1,Ann\n", '"a"b,', bytes)),
  ...threeSizes("doubled quotes that are never closed", 40_000, (bytes) => generated('id,name\n1,Ann\n2,"', '""x,', bytes)),
  ...threeSizes("quotes before escapes", 40_000, (bytes) => generated("id,name\n1,Ann\n", `"\\",`, bytes)),
  ...threeSizes("quotes and spaces", 40_000, (bytes) => generated("id,name\n1,Ann\n", '"      x,', bytes)),
  ...threeSizes("records separated by lone carriage returns", 20_000, (bytes) =>
    generated(`id,name,day\n${rows(15_000)}`, "1,b,c\r", bytes, "\n2,Bert,2024-01-01\n"),
  ),
  ...threeSizes("ragged rows that end in carriage returns", 20_000, (bytes) =>
    generated(`id,name,day\n${rows(15_000)}`.replaceAll("\n", "\r"), "1,2,3,4\r", bytes),
  ),
  ...threeSizes("comments that end in carriage returns", 20_000, (bytes) =>
    generated(`id,name,day\n${rows(15_000)}`.replaceAll("\n", "\r"), "#\r1,2,3,4\r", bytes, "", { comment: "#" }),
  ),
  ...threeSizes("a first line of delimiters", 70_000, (bytes) => generated("", ",", bytes)),
  ...threeSizes("a first line of quotes", 70_000, (bytes) => generated("", '"', bytes)),
  ...threeSizes("an arbitrary first line", 70_000, (bytes) => generated("", `a,b;c\td|e:f^g~h i"j'k\\l#m&n*o!p=q`, bytes)),
  ...threeSizes("a head of comments in a web page", 28 * 7, (bytes) => detected("<!---->", bytes)),
  ...threeSizes("a head of comments and spaces", 600, (bytes) => detected("<!-- --> \n", bytes)),
  ...threeSizes("a head of unclosed tags", 600, (bytes) => detected("<a ", bytes)),
  ...threeSizes("a zip of files that are each small enough", 2 * miB, (bytes) => zipOf(bytes, 10)),
  ...threeSizes("a gzip in a zip that repeats a single line", 900_000, async (bytes) => ({
    parser: autoParser(),
    file: fileOf(zipBytes([{ name: "a.csv.gz", content: gzipSync(Buffer.from("1,2\n".repeat(bytes / 4))) }])),
  })),
  ...threeSizes("text of no encoding in lines", 40_000, (bytes) => generated("", Buffer.from(`${"\xff".repeat(80)}\n`, "latin1"), bytes)),
  ...threeSizes("text of no encoding in one line", 40_000, (bytes) => generated("", Buffer.from([0x81, 0x40, 0xfe]), bytes)),
  ...threeSizes("surrogates written as UTF-8", 40_000, (bytes) =>
    generated("a,b\n", Buffer.from([0xed, 0xa0, 0x80, 0x2c, 0x31, 10]), bytes),
  ),
  ...threeSizes("a quote that opens in every line", 40_000, (bytes) => generated("a,b\n", '"x,y\n', bytes)),
  ...threeSizes("a short line and a long one in turn", 40_000, (bytes) => generated("a,b,c\n", "1\n1,2,3,4,5\n", bytes)),
  ...threeSizes("a line with a field too many in every second one", 40_000, (bytes) =>
    generated("id,amount,text\n", "1,2.50,x\n2,3,50,y\n", bytes),
  ),
  "honest lines, 4000000 bytes": () => generated("id,amount,text\n", "1,2.50,x\n", 4_000_000),
  "mostly delimiters of every kind": () => generated("", `a,b;c\td|e:f^g~h i"j'k\\l#m&n*o!p=q\n`, 4 * miB),
}
