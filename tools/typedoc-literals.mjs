import { Converter, ReflectionKind } from "typedoc"

/** A typedoc plugin: the members of a type literal need no sentence of their own. The property that has the literal explains them. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const names = project
      .getReflectionsByKind(ReflectionKind.Property)
      .filter((member) => !member.hasComment() && isMemberOfLiteral(member))
      .map((member) => member.getFriendlyFullName())
    app.options.setValue("intentionallyNotDocumented", [...app.options.getValue("intentionallyNotDocumented"), ...names])
  })
}

/** Those of parameters are never asked for one, and typedoc complains of names that it does not miss. */
function isMemberOfLiteral({ parent }) {
  return parent?.kindOf(ReflectionKind.TypeLiteral) === true && parent.parent?.kindOf(ReflectionKind.Parameter) !== true
}
