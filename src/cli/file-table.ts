import { basename } from "node:path"
import { snakeCase } from "../postgres/sql/quoted-names.ts"

/** The table of a file: `Orders 2025.xlsx.gz` as `orders_2025`. */
export function tableOfFile(file: string): string {
  const stem = basename(file).replace(/(?<=.)(\.\w{1,8}){1,2}$/, "")
  return snakeCase(stem) || "rows"
}
