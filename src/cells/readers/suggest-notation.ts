import { amountParts } from "../amount-parts.ts"

/** Suggests the notation in which a text would be a number. */
export function suggestNotation(cell: unknown, reader: "number" | "decimal"): string | undefined {
  const parts = typeof cell === "string" ? amountParts(cell.trim()) : undefined
  if (parts === undefined) return undefined
  const locale = localeOf(parts.digits)
  if (locale === undefined && !/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(parts.digits)) return undefined
  const needed = [
    locale === undefined ? [] : [`locale: "${locale}"`],
    parts.currency === undefined ? [] : [`currency: "${parts.currency}"`],
    parts.hasPercent ? ["percent: true"] : [],
    parts.isAccounting ? ["accounting: true"] : [],
  ].flat()
  if (needed.length === 0) return undefined
  const what = parts.currency === undefined && !parts.hasPercent && !parts.isAccounting ? "locale" : "notation"
  return `Declare the ${what}, as in cell.${reader}({ ${needed.join(", ")} }).`
}

function localeOf(digits: string): string | undefined {
  if (/^\d{1,3}(\.\d{3})*,\d+$|^\d+,\d+$|^\d{1,3}(\.\d{3}){2,}$/.test(digits)) return "de"
  return /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits) ? "en" : undefined
}
