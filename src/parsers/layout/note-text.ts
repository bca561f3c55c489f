/** What notes below a table begin with: sources, remarks, dates of creation. */
const beginnings = `
  note, notes, source, sources, footnote, footnotes, generated, exported, printed, created, downloaded, retrieved, end of, as of, report date
  quelle, quellen, hinweis, hinweise, anmerkung, anmerkungen, fußnote, fußnoten, erstellt, erzeugt, gedruckt, exportiert, druckdatum, stand
  remarque, remarques, nota, notas, édité, généré, imprimé, exporté, créé, extrait, fuente, fuentes, fonte, elaborado, generado, creado, impreso
  exportado, descargado, gerado, źródło, uwaga, uwagi, wygenerowano, utworzono, wydrukowano, sporządzono, stan na, data wydruku, bron, opmerking
  zdroj, poznámka, источник, примечание, примечания, 出典, 資料, 注, 注記, 備考, 作成日, 出力日, 印刷日, 来源, 资料来源, 备注, 출처
`
  .trim()
  .split(/,\s|\n\s*/)

const marked = /^(?:[*†‡§©※]|\(?\d{1,2}\)|\d+ rows?\b|(?:page|seite|página|pagina|strona) \d)/i

/** A line that is drawn, such as `----`, `====` or the `---:` of Markdown. */
const rule = /^:?(?:-{2,}|_{2,}|={2,}|\*{3,}|~{3,}|[-+]{3,}|[-=]{2,}):?$/

/** Whether a text is a line that is drawn. */
export function isRuleText(text: string): boolean {
  return rule.test(text)
}

/** Whether a text begins like a note below a table: a source, a remark, a date of creation or a page. */
export function isNoteText(text: string): boolean {
  if (marked.test(text)) return true
  const start = text.slice(0, 20).toLowerCase()
  return beginnings.some((word) => start.startsWith(word) && !/^[\p{L}\p{N}]/u.test(start.slice(word.length)))
}

/** A page with its number: `Page 1 of 2`, `Seite 3`, `- 4 -`. */
const page =
  /^(?:-\s*)?(?:page|pg\.?|seite|página|pagina|side|sida|strona|strana|страница|стр\.?|ページ) ?\d{1,5}(?: ?(?:of|von|sur|de|di|van|z|ze|av|af|из|\/) ?\d{1,5})?(?: ?-)?$/i

/** Whether a text is the number of a page and no more. */
export function isPageText(text: string): boolean {
  return text.length <= 40 && page.test(text)
}
