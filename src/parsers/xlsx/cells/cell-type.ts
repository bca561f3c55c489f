// The types that a sheet states for its cells (ST_CellType, ECMA-376 part 1, 18.18.11). A type of one letter is the code of that letter.

export const sharedType = 115
export const booleanType = 98
export const errorType = 101
export const dateType = 100
export const numberType = 110
export const stringType = 1
export const inlineType = 2

/** Parses the attribute `t` of a cell. An unknown type is read as a number. */
export function cellType(text: string): number {
  const type = text.trim()
  if (type === "str") return stringType
  if (type === "inlineStr") return inlineType
  return type.length === 1 && "sbed".includes(type) ? type.charCodeAt(0) : numberType
}
