const plainNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/** Whether a number that a sheet shows as this text is a code, such as 01067. */
export function isShownCode(text: string): boolean {
  return !plainNumber.test(text)
}
