const least = 4 * 1024
/** Below this, nothing can be told from the resolution of the clock and the noise of the machine. */
const noticedMs = 6
/** On four times the text, a linear expression takes four times as long and a quadratic one sixteen times. */
const mostGrowth = 9

/** The first text on which an expression takes more than linear time: one of its parts, repeated, between others. */
export function pumpedFault(expression: RegExp): string | undefined {
  for (const { head, pump, tail } of pumps(expression)) {
    const times = [1, 2, 4].map((factor) => leastTime(expression, head + pump.repeat(Math.ceil((factor * least) / pump.length)) + tail))
    const [one = 0, , four = 0] = times
    if (four > noticedMs && four > mostGrowth * Math.max(one, noticedMs / mostGrowth))
      return `${expression} on ${JSON.stringify({ head, pump, tail })}: ${times.map((ms) => ms.toFixed(1)).join(", ")} ms`
  }
  return undefined
}

function leastTime(expression: RegExp, text: string): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    const begun = performance.now()
    // All matches are searched, as `replace` and `split` do.
    text.replace(expression, "")
    best = Math.min(best, performance.now() - begun)
    if (best < noticedMs / 2) break
  }
  return best
}

function pumps({ source }: RegExp): { head: string; pump: string; tail: string }[] {
  const parts = partsOf(source)
  const all = [...parts, parts.join(""), ...parts.map((part, at) => part + (parts[at + 1] ?? parts[0] ?? ""))]
  const heads = ["", parts[0] ?? "", parts.slice(0, 2).join("")]
  return [...new Set(all)].flatMap((pump) => heads.flatMap((head) => ["", "\u0000", "x"].map((tail) => ({ head, pump, tail }))))
}

/** A text for each part of a pattern: its literal characters, and one character of each class. */
function partsOf(source: string): string[] {
  const parts = new Set<string>()
  const classes: { readonly [letter: string]: string } = { d: "0", s: " ", w: "a", D: "x", S: "x", W: " ", r: "\r", n: "\n", t: "\t" }
  for (const [token] of source.matchAll(/\\p\{[^}]*\}|\\u[0-9a-f]{4}|\\.|\[\^?(?:\\.|[^\]])*\]|[^\\[\](){}*+?|^$.]+|\./gis)) {
    if (token === ".") parts.add("x")
    else if (token.startsWith("\\p")) parts.add("é")
    else if (token.startsWith("\\")) parts.add(classes[token.charAt(1)] ?? token.charAt(token.length - 1))
    else if (token.startsWith("[^")) parts.add("~")
    else if (token.startsWith("[")) parts.add(classes[token.charAt(2)] ?? token.charAt(1)).add(token.charAt(1))
    else parts.add(token)
  }
  parts.delete("")
  return [...parts].slice(0, 8)
}
