import type { ErrorCode } from "../errors/error-code.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { OptionKind } from "./option-kind.ts"

/** Refuses an argument that a call does not take. `call` names the call, or one of its arguments: `The path of file()`. */
export function checkArgument<T>(call: string, value: unknown, kind: OptionKind<T>, code: ErrorCode = "CONFIG_INVALID"): void {
  const fault = kind.fault(value, { call, path: "" })
  if (fault !== undefined) throw new RowgateError({ code, ...fault })
}
