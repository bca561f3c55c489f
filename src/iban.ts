export { iban } from "./normalize/iban.ts"
