/** The name as a quoted SQL identifier, whatever characters it contains. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The name of a table, and of its schema if that was given. */
export interface TableName {
  readonly schema: string | undefined
  readonly table: string
}

/**
 * Parses `table`, `schema.table` or `"a.b"."c"`. Within double quotes, a dot is part of the name and a quote is doubled. Upper and lower case are
 * always kept. Undefined if the text is not such a name, like `a.b.c`.
 */
export function tableName(text: string): TableName | undefined {
  const part = `("(?:[^"]|"")+"|[^".]+)`
  const [, schema, table] = new RegExp(`^(?:${part}\\.)?${part}$`).exec(text) ?? []
  const unquoted = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)
  return table === undefined ? undefined : { schema: schema === undefined ? undefined : unquoted(schema), table: unquoted(table) }
}

/** The name of a table as SQL. */
export function quotedTable({ schema, table }: TableName): string {
  return schema === undefined ? identifier(table) : `${identifier(schema)}.${identifier(table)}`
}

/** An SQL string literal. The E form keeps backslashes even if `standard_conforming_strings` is off. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`
  return text.includes("\\") ? ` E${quoted}` : quoted
}

/** Turns `orderId` into `order_id`, `HTTPStatus` into `http_status` and `Order No.` into `order_no`. Invisible letters (Hangul fillers) separate words too. */
export function snakeCase(name: string): string {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/(?:[^\p{L}\p{N}]|[\u115f\u1160\u3164\uffa0])+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase()
}
