import { spelled, unseen } from "../../model/unseen-characters.ts"

/** HTML that is safe to write into a page. Only the `html` tag makes it, so that no value gets into a page unescaped. */
export class Html {
  readonly #code: string

  private constructor(code: string) {
    this.#code = code
  }

  /** Used by the `html` tag alone. */
  static ofTemplate(code: string): Html {
    return new Html(code)
  }

  toString(): string {
    return this.#code
  }
}

/** What a template takes. Nothing is written for `undefined` and `false`. */
export type HtmlPart = string | number | Html | undefined | false | readonly HtmlPart[]

/**
 * A template of HTML. Every value is escaped for texts and for attributes in double quotes, and its unseen characters are spelled out. Write no value
 * into a tag name, an attribute without quotes, a style or a script.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return Html.ofTemplate(strings.map((text, at) => text + (at < parts.length ? codeOf(parts[at]) : "")).join(""))
}

function codeOf(part: HtmlPart): string {
  if (part === undefined || part === false) return ""
  if (part instanceof Html) return String(part)
  if (Array.isArray(part)) return part.map(codeOf).join("")
  return escaped(String(part))
}

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
}

function escaped(text: string): string {
  return text.replace(unseen, spelled).replace(/[&<>"'`]/g, (character) => entities[character] ?? "")
}
