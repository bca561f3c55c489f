export { type PhoneOptions, phone } from "./normalize/phone.ts"
