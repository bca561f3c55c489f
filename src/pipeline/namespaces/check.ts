/** Checks that know more than one row. */
export { runCheck as run } from "../../contract/check.ts"
export { foreignKey } from "../../validate/foreign-key.ts"
export { unique } from "../../validate/unique.ts"
