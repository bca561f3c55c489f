/** The stages behind the builder's methods, for `compose`. */
export { normalize } from "../../normalize/normalize.ts"
export { check } from "../../validate/check.ts"
export { validate } from "../../validate/validate.ts"
export { computed, constant, filter, map } from "../build/stages.ts"
