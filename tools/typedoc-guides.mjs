import { basename, dirname } from "node:path"
import { Converter } from "typedoc"

/** The groups of the guides, by their folder in docs/. */
const groups = {
  docs: "Guides",
  tasks: "Guides by task",
  "coming-from": "Coming from something else",
  aws: "On AWS",
  decisions: "Decisions",
}

/** A typedoc plugin: a guide is called what its heading says, and stands in the group of its folder. */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const { content, project } = document
    content.forEach(asTextInHeading)
    const [, title] = /^# (.+)$/m.exec(content.map(({ text }) => text).join("")) ?? []
    if (title !== undefined) document.name = title
    document.frontmatter["group"] = groups[basename(dirname(project.files.getReflectionPath(document)))]
  })
}

/** typedoc leaves code in a heading out of its anchor, which GitHub does not. */
function asTextInHeading(part, at, content) {
  if (part.kind !== "code" || !/(^|\n)#+ [^\n]*$/.test(content[at - 1]?.text ?? "")) return
  part.kind = "text"
  part.text = part.text.replaceAll("`", "")
}
