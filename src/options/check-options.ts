import { RowgateError } from "../errors/rowgate-error.ts"
import type { OptionSpec } from "./option-kind.ts"
import { optionsFault } from "./options-fault.ts"

/**
 * Refuses unknown options, and values that an option does not take. JavaScript programs have no types to tell them. An option that is undefined
 * counts as not given.
 */
export function checkOptions<O>(call: string, given: O, spec: OptionSpec<NoInfer<O>>): void {
  const fault = optionsFault(given, spec, { call, path: "" })
  if (fault !== undefined) throw new RowgateError({ code: "CONFIG_INVALID", ...fault })
}
