export { type CountryOptions, country } from "./normalize/country.ts"
