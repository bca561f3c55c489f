const idWords = /(^|[^\p{L}])(id|ids|uuid|guid|key|no|nr|num|number|nummer|numero|code|ref|reference)([^\p{L}]|$)/iu
const codeWords = /(^|[^\p{L}])(zip|plz|postcode|postal|ean|sku)([^\p{L}]|$)/iu

/** Whether the name of a column says that its values identify something. */
export function isIdName(name: string): boolean {
  return idWords.test(wordsOf(name))
}

/** Whether the name of a column of numbers says that they are no amounts. */
export function isCodeName(name: string): boolean {
  return isIdName(name) || codeWords.test(wordsOf(name))
}

function wordsOf(name: string): string {
  return name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replaceAll("_", " ")
}
