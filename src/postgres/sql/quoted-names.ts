/** An SQL identifier, quoted: whatever the name holds, it stays a name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A table's name, with its schema if that was named. */
export interface TableName {
  readonly schema: string | undefined
  readonly table: string
}

/**
 * The parts of `table`, `schema.table` or `"a.b"."c"`: a part in double quotes is taken to the letter, and a quote within it is doubled.
 * Case is kept with and without quotes. Undefined where the text is no such name, such as `a.b.c`.
 */
export function tableName(text: string): TableName | undefined {
  const part = `("(?:[^"]|"")+"|[^".]+)`
  const [, schema, table] = new RegExp(`^(?:${part}\\.)?${part}$`).exec(text) ?? []
  const plain = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)
  return table === undefined ? undefined : { schema: schema === undefined ? undefined : plain(schema), table: plain(table) }
}

/** The name as SQL writes it. */
export function quotedTable({ schema, table }: TableName): string {
  return schema === undefined ? identifier(table) : `${identifier(schema)}.${identifier(table)}`
}

/** An SQL string literal. The backslash form is needed where `standard_conforming_strings` is off. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`
  return text.includes("\\") ? ` E${quoted}` : quoted
}

/** `orderId` as `order_id`, `HTTPStatus` as `http_status`, `Order No.` as `order_no`. */
export function snakeCase(name: string): string {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase()
}
