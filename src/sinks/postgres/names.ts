/** An SQL identifier, quoted: whatever the name holds, it stays a name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
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
