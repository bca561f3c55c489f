/** What rowgate uses of hyparquet, by name: a bundler leaves out the rest, which `import("hyparquet")` would keep. */
export { parquetSchema } from "hyparquet"
