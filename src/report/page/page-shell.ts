import { createHash } from "node:crypto"
import { Html, html } from "./html.ts"
import { pageScript } from "./page-script.ts"
import { pageStyle } from "./page-style.ts"

/** What is in every page. */
export interface PageParts {
  readonly title: string
  /** The links to the sections. */
  readonly sections: readonly { readonly id: string; readonly title: string }[]
  readonly header: Html
  readonly main: Html
  readonly createdAt: Date | undefined
}

/**
 * The policy of every page. It loads nothing, sends nothing, and runs the one script and applies the one style that it knows by hash. Even if a value
 * became markup, it could not run or call home.
 */
const policy = [
  "default-src 'none'",
  `script-src '${hashOf(pageScript)}'`,
  `style-src '${hashOf(pageStyle)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ")

/** A whole page: one file of HTML that needs no other. */
export function pageShell({ title, sections, header, main, createdAt }: PageParts): string {
  const links = sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${Html.ofTemplate(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
${header}
</header>
${sections.length > 1 && html`<nav aria-label="Sections"><ul>${links}</ul></nav>`}
<main id="main" tabindex="-1">
${main}
</main>
<footer>
<p>Made by rowgate${createdAt !== undefined && html` on <time datetime="${createdAt.toISOString()}">${timeText(createdAt)}</time>`}. This file loads nothing and sends nothing.</p>
</footer>
<script>${Html.ofTemplate(pageScript)}</script>
</body>
</html>
`)
}

/** `2026-11-30 18:02 UTC` */
export function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`
}
