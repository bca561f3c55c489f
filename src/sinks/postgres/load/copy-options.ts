/** What stands in COPY's parentheses: an empty field is a null, unless nulls have the marker `\N`. */
export function copyOptions(marker: boolean): string {
  return `FORMAT text, ${marker ? "" : "NULL '', "}ENCODING 'UTF8'`
}
