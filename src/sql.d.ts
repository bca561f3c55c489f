/** A migration as text. The build embeds it, so that a bundle holds its SQL. */
declare module "*.sql" {
  const text: string
  export default text
}
