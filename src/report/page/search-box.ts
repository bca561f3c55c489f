import { type Html, html } from "./html.ts"

/** What a search box searches. */
export interface SearchBox {
  /** What it is called, for screen readers and inside the empty box. */
  readonly label: string
  /** The id of the list or the table body whose items it hides. */
  readonly target: string
  /** What is said of the list while nothing is searched. */
  readonly said: string
  /** Whether the list is long enough to search. Otherwise only the sentence is shown. */
  readonly isNeeded: boolean
}

/** A search over a list. It stays hidden until the script is there to serve it. */
export function searchBox({ label, target, said, isNeeded }: SearchBox): Html {
  if (!isNeeded) return html`<p class="note">${said}</p>`
  return html`<div class="tools"><div hidden><label class="sr" for="${target}-q">${label}</label><input type="search" id="${target}-q" placeholder="${label}" aria-controls="${target}" aria-describedby="${target}-n" autocomplete="off" spellcheck="false"></div><output class="note" id="${target}-n" for="${target}-q">${said}</output></div>`
}
