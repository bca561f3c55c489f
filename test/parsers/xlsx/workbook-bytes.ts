import { type ZipPart, type ZipShape, zipBytes } from "../files/zip/zip-bytes.ts"

export const mainNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
const relationshipNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
const packageNamespace = "http://schemas.openxmlformats.org/package/2006/relationships"

/** One sheet of a workbook to write. */
export interface SheetSketch {
  readonly name?: string
  /** The XML of the rows, within `sheetData`. */
  readonly rows?: string
  /** The whole part, instead of `rows`. */
  readonly xml?: string | Uint8Array
  /** The XML after `sheetData`. */
  readonly after?: string
  readonly state?: "hidden" | "veryHidden"
  /** Elements of the sheet's relationships part. */
  readonly relationships?: string
}

/** A short description of a workbook to write. */
export interface WorkbookSketch {
  /** The rows of a single sheet, instead of `sheets`. */
  readonly sheets?: readonly SheetSketch[]
  readonly rows?: string
  /** Shared strings: texts, or the XML within `si`. */
  readonly strings?: readonly string[]
  /** Number formats: cell style 1 uses the first, style 2 the second. A number is a built-in format. */
  readonly formats?: readonly (string | number)[]
  readonly date1904?: boolean
  /** Elements of `definedNames`. */
  readonly names?: string
  /** Parts to add, or to replace generated ones with. */
  readonly parts?: readonly ZipPart[]
  /** Parts to leave out. */
  readonly without?: readonly string[]
  readonly shape?: ZipShape
}

/** Writes a minimal workbook. */
export function workbookBytes(sketch: WorkbookSketch): Buffer {
  return zipBytes(workbookParts(sketch), sketch.shape)
}

/** The parts of a workbook, in the order in which Excel writes them. */
export function workbookParts(sketch: WorkbookSketch): ZipPart[] {
  const sheets = sketch.sheets ?? [{ rows: sketch.rows ?? "" }]
  const parts: ZipPart[] = [
    { name: "[Content_Types].xml", content: contentTypes(sheets.length) },
    { name: "_rels/.rels", content: relationships(relationship("rId1", "officeDocument", "xl/workbook.xml")) },
    { name: "xl/workbook.xml", content: workbook(sketch, sheets) },
    { name: "xl/_rels/workbook.xml.rels", content: workbookRelationships(sheets.length) },
    ...sheets.map((sheet, at) => ({ name: `xl/worksheets/sheet${at + 1}.xml`, content: sheet.xml ?? worksheet(sheet) })),
    ...sheets.flatMap(({ relationships: own }, at) =>
      own === undefined ? [] : [{ name: `xl/worksheets/_rels/sheet${at + 1}.xml.rels`, content: relationships(own) }],
    ),
    { name: "xl/styles.xml", content: styles(sketch.formats ?? []) },
    { name: "xl/sharedStrings.xml", content: sharedStrings(sketch.strings ?? []) },
  ]
  const added = sketch.parts ?? []
  const kept = parts.filter(({ name }) => !added.some((part) => part.name === name) && !sketch.without?.includes(name))
  return [...kept, ...added]
}

export function relationship(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${relationshipNamespace}/${type}" Target="${target}"/>`
}

export function relationships(elements: string): string {
  return `${declaration}<Relationships xmlns="${packageNamespace}">${elements}</Relationships>`
}

function worksheet({ rows = "", after = "" }: SheetSketch): string {
  return `${declaration}<worksheet xmlns="${mainNamespace}"><sheetData>${rows}</sheetData>${after}</worksheet>`
}

export const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

function contentTypes(sheets: number): string {
  const override = (part: string, type: string) =>
    `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`
  const worksheets = Array.from({ length: sheets }, (_, at) => override(`/xl/worksheets/sheet${at + 1}.xml`, "worksheet"))
  return `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override("/xl/workbook.xml", "sheet.main")}${worksheets.join("")}</Types>`
}

function workbook(sketch: WorkbookSketch, sheets: readonly SheetSketch[]): string {
  const listed = sheets.map(({ name = "", state }, at) => {
    const hidden = state === undefined ? "" : ` state="${state}"`
    return `<sheet name="${name === "" ? `Sheet${at + 1}` : name}" sheetId="${at + 1}"${hidden} r:id="rId${at + 1}"/>`
  })
  const properties = sketch.date1904 === true ? '<workbookPr date1904="1"/>' : ""
  const names = sketch.names === undefined ? "" : `<definedNames>${sketch.names}</definedNames>`
  return `${declaration}<workbook xmlns="${mainNamespace}" xmlns:r="${relationshipNamespace}">${properties}<sheets>${listed.join("")}</sheets>${names}</workbook>`
}

function workbookRelationships(sheets: number): string {
  const worksheets = Array.from({ length: sheets }, (_, at) => relationship(`rId${at + 1}`, "worksheet", `worksheets/sheet${at + 1}.xml`))
  const others = [relationship("rIdS", "styles", "styles.xml"), relationship("rIdT", "sharedStrings", "sharedStrings.xml")]
  return relationships([...worksheets, ...others].join(""))
}

function styles(formats: readonly (string | number)[]): string {
  const defined = formats.map((format, at) =>
    typeof format === "number" ? "" : `<numFmt numFmtId="${164 + at}" formatCode="${escapeAttribute(format)}"/>`,
  )
  const cells = formats.map(
    (format, at) => `<xf numFmtId="${typeof format === "number" ? format : 164 + at}" xfId="0" applyNumberFormat="1"/>`,
  )
  return `${declaration}<styleSheet xmlns="${mainNamespace}"><numFmts>${defined.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0" xfId="0"/>${cells.join("")}</cellXfs></styleSheet>`
}

function sharedStrings(strings: readonly string[]): string {
  const items = strings.map((text) => (text.includes("<") ? `<si>${text}</si>` : `<si><t xml:space="preserve">${text}</t></si>`))
  return `${declaration}<sst xmlns="${mainNamespace}" count="${strings.length}" uniqueCount="${strings.length}">${items.join("")}</sst>`
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
}
