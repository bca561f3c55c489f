import { shownText } from "../../../errors/shown-text.ts"

/** A file as the subject of a sentence: `The file orders.csv`, or `The file` if it has no name. */
export function fileSubject(name: string | undefined): string {
  return name === undefined ? "The file" : `The file ${shownText(name)}`
}
