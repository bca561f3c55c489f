import { gzipSync } from "node:zlib"
import { autoParser } from "../../../src/parsers/auto.ts"
import { json } from "../../../src/parsers/json/json.ts"
import { ndjson } from "../../../src/parsers/json/ndjson.ts"
import { fileOf, generatedFile, type HostileCases, threeSizes } from "../hostile-case.ts"

const giB = 1024 ** 3
const miB = 1024 ** 2

export const cases: HostileCases = {
  "a gibibyte of nested arrays": () => ({ parser: json(), file: generatedFile("", "[", giB) }),
  "endlessly nested objects": () => ({ parser: json(), file: generatedFile("[", '{"a":', giB) }),
  "nested arrays on a line": () => ({ parser: ndjson(), file: fileOf(`{"a":${"[".repeat(miB)}\n{"a":1}\n`) }),
  "nested arrays beside the table": () => ({ parser: json({ path: "/rows" }), file: generatedFile('{"x":', "[", giB) }),
  "a text of a gibibyte": () => ({ parser: json(), file: generatedFile('[{"a":"', "x", giB, '"}]') }),
  "a text of a gibibyte on a line": () => ({ parser: ndjson(), file: generatedFile('{"a":"', "x", giB, '"}') }),
  "a text of a gibibyte beside the table": () => ({ parser: json({ path: "/rows" }), file: generatedFile('{"x":"', "x", giB, '"}') }),
  "a key of a gibibyte": () => ({ parser: json(), file: generatedFile('[{"', "k", giB, '":1}]') }),
  "a number of a gibibyte": () => ({ parser: json(), file: generatedFile('[{"a":1', "0", giB, "}]") }),
  "a number with a fraction of a mebibyte": () => ({ parser: json(), file: generatedFile('[{"a":0.', "3", miB - 2, "}]") }),
  "a number with an exponent of a mebibyte": () => ({ parser: ndjson(), file: generatedFile('{"a":1e', "9", miB - 2, "}") }),
  "an endless list of ones in one cell": () => ({ parser: json(), file: generatedFile('[{"a":[1', ",1", giB, "]}]") }),
  "a text of only escapes": () => ({ parser: json(), file: generatedFile('[{"a":"', "\\u0041", 6 * 170_000, '"}]') }),
  "a file of white space": () => ({ parser: json(), file: generatedFile("", " ", 128 * miB) }),
  "white space between rows": () => ({ parser: json(), file: generatedFile('[{"a":1},', " \n", 128 * miB, '{"a":2}]') }),
  "blank lines": () => ({ parser: ndjson(), file: generatedFile('{"a":1}\n', "\n", 32 * miB, '{"a":2}') }),
  "a line of white space": () => ({ parser: ndjson(), file: generatedFile('{"a":1}\n', " ", giB) }),
  "a record of a hundred thousand keys": () => {
    const keys = Array.from({ length: 100_000 }, (_, at) => `"k${at}":1`)
    return { parser: json(), file: fileOf(`[{${keys.join(",")}}]`) }
  },
  "a new key in every record": () => {
    const records = Array.from({ length: 100_000 }, (_, at) => `{"k${at}":1}`)
    return { parser: ndjson(), file: fileOf(records.join("\n")) }
  },
  "a row with sixteen thousand columns after eight thousand rows with one": () => {
    const wide = `{${Array.from({ length: 16_000 }, (_, at) => `"k${at}":1`).join(",")}}`
    return { parser: ndjson(), file: fileOf(`${'{"a":1}\n'.repeat(8_000)}${wide}\n`) }
  },
  "the same key half a million times": () => ({ parser: json(), file: fileOf(`[{"a":1${',"a":1'.repeat(500_000)}}]`) }),
  "a million broken lines": () => ({ parser: ndjson(), file: generatedFile("", '{"a"\n', 5_000_000) }),
  "bytes that are not text": () => ({ parser: ndjson(), file: generatedFile("", Buffer.from('{"a":"\u00ff"}\n', "latin1"), 1_000_000) }),
  "names of prototype properties": () => ({
    parser: json(),
    file: fileOf(
      '[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"a":[{"__proto__":{"polluted":1}}]}]',
    ),
  }),
  "a gzip of a gibibyte of brackets": () => ({ parser: autoParser(), file: fileOf(gzipSync(Buffer.alloc(64 * miB, "["))) }),
  ...threeSizes("one row of empty objects", 39_000, (bytes) => ({ parser: ndjson(), file: generatedFile('{"a":[{}', ",{}", bytes, "]}") })),
  ...threeSizes("one row of empty lists in a document", 39_000, (bytes) => ({
    parser: json(),
    file: generatedFile('[{"a":[[]', ",[]", bytes, "]}]"),
  })),
  ...threeSizes("one row of numbers, compressed", 39_000, (bytes) => ({
    parser: autoParser(),
    file: fileOf(gzipSync(`{"a":[1${",1".repeat(bytes / 2)}]}\n`)),
  })),
  ...threeSizes("one row of objects with one key", 39_000, (bytes) => ({
    parser: ndjson(),
    file: generatedFile('{"a":[{"k":1}', ',{"k":1}', bytes, "]}"),
  })),
  ...threeSizes("one row of nested lists", 39_000, (bytes) => ({
    parser: ndjson(),
    file: generatedFile('{"a":[0', `,${"[".repeat(60)}1${"]".repeat(60)}`, bytes, "]}"),
  })),
  ...threeSizes("rows of short lists", 80_000, (bytes) => ({ parser: ndjson(), file: generatedFile("", '{"a":[{},{},{},{}]}\n', bytes) })),
  ...threeSizes("rows of one key below eight thousand columns", 8_000, (bytes) => ({
    parser: ndjson(),
    file: generatedFile(`{${Array.from({ length: 8_000 }, (_, at) => `"k${at}":1`).join(",")}}\n`, '{"k7":1}\n', bytes),
  })),
  ...threeSizes("rows of one key below twelve thousand columns", 8_000, (bytes) => ({
    parser: ndjson(),
    file: generatedFile(`{${Array.from({ length: 12_000 }, (_, at) => `"k${at}":1`).join(",")}}\n`, '{"k7":1}\n', bytes),
  })),
  ...threeSizes("rows that bring a key each", 2_500, (bytes) => ({
    parser: ndjson(),
    file: fileOf(Array.from({ length: bytes / 16 }, (_, at) => `{"k${at}":${at}}`).join("\n")),
  })),
  ...threeSizes("late keys of one name", 2_500, (bytes) => ({
    parser: ndjson(),
    file: fileOf(Array.from({ length: bytes / 25 }, (_, at) => `{"k${" ".repeat(at % 1_000)}${at < 1_000 ? "" : at}":${at}}`).join("\n")),
  })),
  ...threeSizes("rows of sixty lists in one another", 38_000, (bytes) => ({
    parser: ndjson(),
    file: generatedFile("", `{"a":${"[".repeat(60)}${"]".repeat(60)}}\n`, bytes),
  })),
  ...threeSizes("rows of lists of lists, packed", 140_000, (bytes) => ({
    parser: autoParser(),
    file: fileOf(gzipSync(`{"a":[${"[[[]]],".repeat(10_000)}1]}\n`.repeat(bytes / 70_000), { level: 9 })),
  })),
  "ten rows of sixteen thousand cells": () => ({ parser: ndjson(), file: fileOf(`[${"1,".repeat(16_383)}1]\n`.repeat(10)) }),
  ...threeSizes("objects, lists and texts by turns", 13_650, (bytes) => ({
    parser: json(),
    file: fileOf(`[${'{},[1],1,{"a":1},"x",'.repeat(bytes / 21)}{}]`),
  })),
  ...threeSizes("broken lines below eight thousand columns", 8_000, (bytes) => ({
    parser: ndjson(),
    file: generatedFile(`{${Array.from({ length: 8_000 }, (_, at) => `"k${at}":1`).join(",")}}\n`, '{"k7"\n', bytes),
  })),
  ...threeSizes("a long key above eight thousand others", 10_000, (bytes) => ({
    parser: json(),
    file: fileOf(`[{"${"k".repeat(bytes)}":{${Array.from({ length: 8_000 }, (_, at) => `"k${at}":1`).join(",")}}}]`),
  })),
  ...threeSizes("numbers beyond any double", 15_000, (bytes) => ({
    parser: json(),
    file: generatedFile("[", '{"a":1e999999},', bytes, '{"a":1}]'),
  })),
  ...threeSizes("a number of many digits", 100_000, (bytes) => ({ parser: ndjson(), file: generatedFile('{"a":1', "0", bytes, "}\n") })),
  "a text of a hundred megabytes": () => ({ parser: ndjson(), file: generatedFile('{"a":"', "x", 100_000_000, '"}') }),
  "a gzip of white space": () => ({ parser: autoParser(), file: fileOf(gzipSync(Buffer.alloc(64 * miB, " "))) }),
}
