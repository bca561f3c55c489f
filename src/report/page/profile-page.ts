import { shownText } from "../../errors/shown-text.ts"
import { fileName } from "../../model/file-name.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { instant, list, text } from "../../options/option-kinds.ts"
import type { SuspectCell } from "../../pipeline/tables/detect.ts"
import type { SourceTableProfile } from "../../pipeline/tables/profile.ts"
import { fitting } from "./budget.ts"
import { columnTiles } from "./column-tiles.ts"
import { type Html, html } from "./html.ts"
import { rowsText, whole } from "./number-text.ts"
import { pageShell } from "./page-shell.ts"
import { PageRedaction } from "./redaction.ts"
import { profilesKind, suspectsKind } from "./report-kinds.ts"
import { suspectsSection } from "./suspects-section.ts"

/** Options of `profilePage`. */
export interface ProfilePageOptions {
  /** Cells that may be wrong, as `detect` of `rowgate/profile` yields them. The page shows as many of the first ones as fit. Default: none. */
  readonly suspects?: readonly SuspectCell[] | undefined
  /** Columns whose values are not shown, by their names in the file. Default: none. */
  readonly redact?: readonly string[] | undefined
  /** The time to put into the page. Default: none, so that the same profiles give the same page. */
  readonly createdAt?: Date | undefined
}

/** The tables that a page shows in full. */
const mostTables = 12
const shareOfAll = 0.9
const mostOfName = 120
const bytesOfList = 30_000

/**
 * Makes a page of HTML from profiles of tables: a tile for each column, and cells that may be wrong. As `reportPage` does, it makes one file that loads
 * nothing and is bounded in size.
 *
 * ```ts typecheck
 * import { writeFile } from "node:fs/promises"
 * import { profile } from "rowgate/profile"
 * import { profilePage } from "rowgate/report"
 *
 * await writeFile("profile.html", profilePage(await profile("orders.csv")))
 * ```
 */
export function profilePage(profiles: readonly SourceTableProfile[], options: ProfilePageOptions = {}): string {
  checkArgument("profilePage()", profiles, profilesKind())
  checkOptions("profilePage()", options, { suspects: suspectsKind(), redact: list(text()), createdAt: instant() })
  const { suspects = [], redact = [], createdAt } = options
  const shown = profiles.slice(0, mostTables)
  const names = [...new Set(profiles.map(({ uri }) => fileName(uri)))]
  const title = names.length === 1 ? (names[0] ?? "") : `${whole(names.length)} files`
  const [only] = shown
  const isSingle = only !== undefined && profiles.length === 1
  const share = shown.length === 1 ? 1 : shareOfAll / Math.max(1, shown.length)
  const tables = shown.map((each, at) => tableParts(each, `t${at + 1}`, suspects, redact, share))
  const lead = isSingle ? tableSentence(only) : `${whole(profiles.length)} ${profiles.length === 1 ? "table" : "tables"}.`
  return pageShell({
    title: `${shownText(title, mostOfName)} \u2013 rowgate`,
    sections: isSingle ? (tables[0] ?? []).map(({ id, title: name }) => ({ id, title: name })) : [],
    header: html`<p class="brand"><b>rowgate</b> \u00b7 profile</p><h1>${shownText(title, mostOfName)}</h1><p class="lead">${lead}</p>`,
    main: isSingle
      ? html`${(tables[0] ?? []).map(({ code }) => code)}`
      : html`${tableList(profiles)}${shown.map(
          (each, at) =>
            html`<article id="t${at + 1}" aria-labelledby="t${at + 1}-h"><h2 id="t${at + 1}-h">${shownText(each.table, mostOfName)}</h2><p class="lead">${tableSentence(each)}</p>${(tables[at] ?? []).map(({ code }) => code)}</article>`,
        )}`,
    createdAt,
  })
}

function tableSentence({ rows, columns, unreadable, hidden }: SourceTableProfile): string {
  const unread = unreadable === 0 ? "" : `, ${whole(unreadable)} of them unreadable`
  const where = hidden ? " The workbook hides this sheet." : ""
  return `${rowsText(rows)}${unread}, in ${whole(columns.length)} ${columns.length === 1 ? "column" : "columns"}.${where}`
}

interface TableSection {
  readonly id: string
  readonly title: string
  readonly code: Html
}

function tableParts(
  profile: SourceTableProfile,
  id: string,
  suspects: readonly SuspectCell[],
  redact: readonly string[],
  share: number,
): readonly TableSection[] {
  const redaction = new PageRedaction(redact, [])
  const own = suspects.filter(({ uri, table }) => uri === profile.uri && table === profile.table)
  const section = (part: string, title: string, code: Html | undefined) =>
    code === undefined ? [] : [{ id: `${id}-${part}`, title, code }]
  const notices = profile.notices.map(
    (notice) => html`<li>${shownText(redaction.notice(notice), 500)} <code class="soft">${notice.code}</code></li>`,
  )
  return [
    ...section(
      "columns",
      "Columns",
      columnTiles({ id, reports: [], qualities: [], profile, inferred: [], read: profile.rows, redaction, share }),
    ),
    ...section("suspects", "Cells that may be wrong", suspectsSection(own, id, redaction, share)),
    ...section(
      "notices",
      "Notices",
      notices.length === 0
        ? undefined
        : html`<section id="${id}-notices"><h2>Notices</h2><ul class="notices">${fitting(notices, 10_000 * share, (each) => each).shown}</ul></section>`,
    ),
  ]
}

function tableList(profiles: readonly SourceTableProfile[]): Html {
  const { shown, left } = fitting(profiles, bytesOfList, ({ uri, table, rows, columns }, at) => {
    const name = shownText(table, mostOfName)
    return html`<tr><th scope="row">${at < mostTables ? html`<a href="#t${at + 1}">${name}</a>` : name}</th><td class="soft">${shownText(fileName(uri), mostOfName)}</td><td class="n">${whole(rows)}</td><td class="n">${whole(columns.length)}</td></tr>`
  })
  return html`<section><div class="scroll tall" tabindex="0" role="group" aria-label="All tables"><table><caption class="sr">The tables</caption><thead><tr><th scope="col">Table</th><th scope="col">File</th><th scope="col" class="n">Rows</th><th scope="col" class="n">Columns</th></tr></thead><tbody>${shown}</tbody></table></div>${
    left > 0 && html`<p class="note">${whole(left)} more tables are not listed.</p>`
  }${profiles.length > mostTables && html`<p class="note">The first ${mostTables} are shown in full below.</p>`}</section>`
}
