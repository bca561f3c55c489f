import { spelled, unseen } from "../model/unseen-characters.ts"

/** The unseen characters that `JSON.stringify` does not escape. */
const unseenInJson = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** The text as one line, with everything that a terminal would obey or hide spelled out, such as `\x1b`. Text beyond `most` characters is cut. */
export function visibleText(text: string, most: number): string {
  return cut(text, most).replace(unseen, spelled)
}

/** JSON of the same value, with everything that a terminal would obey or hide escaped. */
export function visibleJson(json: string): string {
  return json.replace(unseenInJson, (character) => {
    return Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at), 4)}`).join("")
  })
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most)}…`
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0")
}
