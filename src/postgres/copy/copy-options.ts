/** A form of COPY: binary, text with empty fields for nulls, or text with `\N` for nulls (`"marked"`). */
export type CopyForm = "binary" | TextForm
export type TextForm = "text" | "marked"

/** The options in COPY's parentheses. */
export function copyOptions(form: CopyForm): string {
  if (form === "binary") return "FORMAT binary, ENCODING 'UTF8'"
  return `FORMAT text, ${form === "marked" ? "" : "NULL '', "}ENCODING 'UTF8'`
}
