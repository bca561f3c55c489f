/** COPY's forms: binary; text in which an empty field is a null; text in which nulls have the marker `\N`. */
export type CopyForm = "binary" | TextForm
export type TextForm = "text" | "marked"

/** What stands in COPY's parentheses. */
export function copyOptions(form: CopyForm): string {
  if (form === "binary") return "FORMAT binary, ENCODING 'UTF8'"
  return `FORMAT text, ${form === "marked" ? "" : "NULL '', "}ENCODING 'UTF8'`
}
