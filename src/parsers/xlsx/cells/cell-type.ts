/** Types of cells as a sheet states them (ST_CellType, ECMA-376 part 1, 18.18.11); a type of one letter is that letter. */
export const sharedType = 115
export const booleanType = 98
export const errorType = 101
export const dateType = 100
export const numberType = 110
export const stringType = 1
export const inlineType = 2

/** The type that an attribute's text states; a number where it states none that is known. */
export function cellType(text: string): number {
  const type = text.trim()
  if (type === "str") return stringType
  if (type === "inlineStr") return inlineType
  return type.length === 1 && "sbed".includes(type) ? type.charCodeAt(0) : numberType
}
