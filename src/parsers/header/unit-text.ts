import { amountParts } from "../../cells/amount-parts.ts"

/** No unit is longer than this. */
const longest = 40

const units = new Set(
  (
    "% ‰ ° °c °f k kg g mg µg μg t to lb lbs oz km m cm mm µm μm nm mi yd ft in ha l ml cl dl hl gal h hr hrs hour hours min mins minutes s sec secs " +
    "seconds ms d day days week weeks month months year years w kw mw gw wh kwh mwh gwh j kj mj kcal cal v a ma hz khz mhz ghz pa hpa kpa mpa bar mbar n " +
    "ppm ppb pcs pc pce piece pieces stk stck stück st ea each unit units qty count anzahl std stunden tag tage monate jahre kb mb gb tb bytes dpi px " +
    "mol db rpm u/min kn mph"
  ).split(" "),
)
/** What multiplies a unit, before it and behind it: the T of T€, the Mio. of Mio. EUR, the '000 of USD'000. */
const factor = /^(?:t|k|m|mn|bn|tsd|mio|mrd|thousands?|millions?|billions?|tausend|millionen)(?:\.|\b|(?=[A-Z]{3}$))\s*(?:of\s)?/i
const factorBehind = /(?:['’]?000s?|k|m|mn|bn)$/i
const enclosed = /^(?:\([^()]+\)|\[[^[\]]+\])$/

/**
 * Whether a text between a header and numbers is the unit of the numbers: `kg`, `km/h`, `EUR`, `T€`, `in Mio. EUR`, `Amount in EUR`, or any other text in
 * brackets.
 */
export function isUnitText(text: string): boolean {
  const trimmed = text.trim()
  if (trimmed === "" || trimmed.length > longest) return false
  if (enclosed.test(trimmed)) return true
  const words = trimmed.split(/\s+/)
  const after = words.findLastIndex((word) => word.toLowerCase() === "in")
  return isUnit(after >= 0 && after < words.length - 1 ? words.slice(after + 1).join(" ") : trimmed)
}

function isUnit(text: string): boolean {
  if (enclosed.test(text)) return true
  const rest = text.replace(factor, "").trim()
  if ((rest === "" && text.length > 1) || [text, rest, text.replace(factorBehind, "").trim()].some(isCurrency)) return true
  const parts = text.split(/[/·*]| per | pro /).map((part) => part.trim())
  return parts.every((part) => isCurrency(part) || units.has(part.replace(/[²³\d^. -]/g, "").toLowerCase()))
}

function isCurrency(text: string): boolean {
  return text !== "" && amountParts(`1 ${text}`)?.currency === text
}
