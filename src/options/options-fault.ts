import { nearestName } from "./nearest-name.ts"
import { type OptionFault, type OptionKind, type OptionPlace, type OptionSpec, wrongValue } from "./option-kind.ts"
import { shownValue } from "./shown-value.ts"

/** Finds the first unknown name in an object of options, or the first value that its option does not take. */
export function optionsFault<O>(given: unknown, spec: OptionSpec<O>, place: OptionPlace): OptionFault | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return wrongValue(place, "an object of options", shownValue(given))
  const kinds = new Map<string, OptionKind<never>>(Object.entries(spec))
  const { call, path } = place
  const full = (name: string) => (path === "" ? name : `${path}.${name}`)
  const unknown = Object.entries(given).find(([name, value]) => value !== undefined && !kinds.has(name))?.[0]
  if (unknown !== undefined) return unknownName(call, unknown, [...kinds.keys()], full)
  for (const [name, kind] of kinds) {
    // Inherited properties count too, because the call reads them like any other option.
    const value = (given as { readonly [name: string]: unknown })[name]
    const at = { call, path: full(name) }
    if (value !== undefined) {
      const fault = kind.fault(value, at)
      if (fault !== undefined) return fault
    } else if (kind.needed === true) {
      return { message: `${call} needs the option ${at.path}: ${kind.takes}.`, remedy: `Set ${at.path}.` }
    }
  }
  return undefined
}

function unknownName(call: string, name: string, known: readonly string[], full: (name: string) => string): OptionFault {
  const near = nearestName(name, known)
  const meant = near === undefined ? "." : `; did you mean ${full(near)}?`
  return { message: `${call} has no option ${full(name)}${meant}`, remedy: `Use only ${known.map(full).join(", ")}.` }
}
