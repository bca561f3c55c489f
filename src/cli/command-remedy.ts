/** How remedies of the library name its options, and what the command says instead. The first entry that matches wins. */
export const commandWords: readonly (readonly [library: string, command: string])[] = [
  ["set `createTable: true`", "add --create-table"],
  ["under another `name` (--name); set `lineage: true` (--lineage)", "with another --name; add --lineage"],
  ["name another one in `schema`", "name another one with --table SCHEMA.TABLE"],
  [
    "Add the columns to the table, or set `columns` or `naming` to their names in the table.",
    "Add the columns with --evolve, leave them out with --unexpected discardColumn, or set --naming so that the names match.",
  ],
  ["Name its column in `columns`.", "If it does, rename it in the file."],
  [
    "Name the columns that you need in a schema, which drops the others",
    "Name the columns that you need in a schema (--schema), which drops the others",
  ],
  ["set `lineage: true`", "add --lineage"],
  ["Set another database column for one of them in `columns`.", "Set --naming exact, or rename one of the columns in the file."],
  [', or wait for the other run with `whileRunning: "wait"`', ""],
  ["`versionTable` (--version-table)", "--version-table"],
  ["`lineage: true` (--lineage)", "--lineage"],
  ["`reload: true` (--reload)", "--reload"],
  ["The mode `replace`", "--mode replace"],
  [", or call migrate(pool) from rowgate/postgres", ""],
  ["Take an id from storedRuns(pool), from `rowgate runs`,", "Take an id from `rowgate runs`"],
  ["Name columns of the rows in `key`.", "Name columns of the rows with --key."],
  ["unique index in `key`", "unique index with --key"],
  ['Check the export, or allow empty files with createPipeline({ empty: "allow" }).', "Check the program that writes the file."],
  ["Set the option sheet to a sheet of the workbook.", "Name one of its sheets with --sheet."],
  ["Set the option path of json to the JSON pointer of the array of rows", "Name the array of rows with --path"],
  ["Set the option path of json to the array of rows", "Name the array of rows with --path"],
  ["Set the option path to the JSON pointer of the array of rows.", "Name the array of rows with --path."],
  [", or read the object as one row with ndjson()", ", or name the file .ndjson to read the object as one row"],
  ['read it with csv({ tables: "all" })', "add --all to read it"],
  ['read it with xlsx({ tables: "all" })', "add --all to read it"],
  ['read them with xlsx({ tables: "all" })', "add --all"],
  ['set xlsx({ hiddenRows: "skip" })', "add --hidden-rows skip"],
  ['read them with xlsx({ merged: "fill" })', "add --merged fill"],
  ["the option sheet chooses one", "choose one with --sheet, or load all of them with --all-sheets"],
  ['pass csv({ names }) with a name for each field, or csv({ ragged: "keep" }), to load them', "load them with --ragged keep"],
  [
    "Name them in normalize({ headers: ... }) or in the schema, or set another `unexpected`.",
    "Name them in the contract, or set another policy: unexpected in the pipeline of the configuration, otherwise --unexpected.",
  ],
  ["Pass csv({ encoding }) to declare it.", "Declare it with --encoding."],
  ["Leave out encoding in csv({ encoding }), or name", "Leave out --encoding, or name"],
  ["Correct the option header", "Correct --header"],
  [
    "Set the option header to the row number of the header in the spreadsheet, or to false.",
    "Give the row of the header with --header, or add --no-header.",
  ],
  ["set the option header to the row of the header", "give the row of the header with --header"],
]

/** Options that have no flag, because they belong to a stage or a parser. */
const ofPipeline = /\b(?:normalize|json|date|score|cell\.\w+|createPipeline|\.parse|\.check)\(|\blimits\.|\bthe option /

/** A text of the library with the flags of the command instead of options. */
export function commandText(text: string): string {
  return commandWords.reduce((said, [library, command]) => said.replace(library, () => command), text)
}

/** Rewrites a remedy of the library for the command: with its flags, or with the configuration file if there is no flag. */
export function commandRemedy(remedy: string): string {
  const said = commandText(remedy)
  return ofPipeline.test(said)
    ? `${said.replace(/\.?$/, ".")} The place for it is \`pipeline\` in the configuration file (--config).`
    : said
}
