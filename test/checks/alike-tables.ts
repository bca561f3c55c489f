import { Random } from "../../examples/data/random.ts"
import type { Row } from "../../src/model/cell-value.ts"

type Words = readonly [string, ...string[]]
const list = (text: string) => text.split(" ") as unknown as Words

const firstNames = list(
  "Anna Maria Marie Julia Laura Lena Leonie Sophie Charlotte Johanna Katharina Christina Christine Sabine Susanne Stefanie Stephanie Andrea Andreas Thomas Tomas Michael Michaela Peter Petra Jan Jana Jens Jonas Lukas Lucas Leon Felix Maximilian Alexander Alexandra Sebastian Christian Matthias Mathias Markus Marcus Martin Martina Daniel Daniela Tobias Florian Philipp Philip Benjamin Élodie René Zoë José Łukasz",
)
const lastNames = list(
  "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Hofmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hartmann Lange Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Voigt Sauer Arnold Wolff Pfeiffer",
)
const streets = list(
  "Hauptstraße Schulstraße Gartenstraße Bahnhofstraße Dorfstraße Bergstraße Birkenweg Lindenstraße Kirchstraße Waldstraße Ringstraße Amselweg Wiesenstraße Jahnstraße Goethestraße Schillerstraße Mühlenweg Feldstraße Rosenweg Buchenweg",
)
const cities = list(
  "Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden Hannover Nürnberg Duisburg Bochum Wuppertal Bielefeld Bonn Münster",
)
const trades = list(
  "Metallbau Elektrotechnik Gebäudereinigung Versicherungsmakler Steuerberatung Autohaus Holzhandel Druckerei Fahrradladen Gartenbau Softwarehaus Logistik Maschinenbau Bäckerei Weinhandel",
)
const forms = list("GmbH AG KG e.K. UG GmbH_&_Co._KG") as unknown as Words
const things = list(
  "Schraubendreher Akkubohrer Gartenschlauch Kaffeemaschine Wasserkocher Schreibtischlampe Bürostuhl Regalboden Steckdosenleiste Rauchmelder Fahrradhelm Rucksack Trinkflasche Thermoskanne Handstaubsauger",
)
const brands = list("Kolbe Brandauer Nordwerk Silvento Ravensberg Tellmann Osterholz Quadrix")
const colours = list("schwarz weiß rot blau grün silber anthrazit")

/** A table without near-duplicates, but with rows that are much like others: families, branches and sizes. */
export interface AlikeTable {
  readonly name: string
  readonly columns: readonly [string, ...string[]]
  readonly by: readonly string[]
  readonly rows: readonly Row[]
}

const times = <V>(count: number, make: (at: number) => V): V[] => Array.from({ length: count }, (_, at) => make(at))

/** Each row once. */
function distinct(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

/** Persons, of which a quarter live in one household with another one of the same name. */
export function persons(count: number, seed: number): AlikeTable {
  const random = new Random(seed, 1)
  const born = () => new Date(Date.UTC(1940, 0, 1) + random.below(26_000) * 86_400_000).toISOString().slice(0, 10)
  const home = () => ({
    last: random.pick(lastNames),
    street: `${random.pick(streets)} ${1 + random.below(150)}`,
    city: random.pick(cities),
  })
  let last = home()
  const rows = times(count, () => {
    if (random.next() >= 0.25) last = home()
    return { first: random.pick(firstNames), ...last, born: born() }
  })
  return { name: "persons", columns: ["first", "last", "street", "city"], by: ["born"], rows: distinct(rows) }
}

/** Companies, some of them with branches in other cities. */
export function companies(count: number, seed: number): AlikeTable {
  const random = new Random(seed, 2)
  const name = () => `${random.pick(lastNames)} ${random.pick(trades)} ${random.pick(forms).replaceAll("_", " ")}`
  let last = name()
  const rows = times(count, () => {
    if (random.next() >= 0.15) last = name()
    return { name: last, street: `${random.pick(streets)} ${1 + random.below(150)}`, city: random.pick(cities) }
  })
  return { name: "companies", columns: ["name", "street", "city"], by: [], rows: distinct(rows) }
}

/** Products in sizes and colours. */
export function products(count: number, seed: number): AlikeTable {
  const random = new Random(seed, 3)
  const rows = times(count, () => {
    const model = `${random.pick(list("A B C D E"))}${100 + random.below(900)}`
    return { brand: random.pick(brands), name: `${random.pick(things)} ${model} ${random.pick(colours)}, ${5 * (1 + random.below(40))} cm` }
  })
  return { name: "products", columns: ["brand", "name"], by: [], rows: distinct(rows) }
}

/** What can happen to a row that is entered twice. Undefined if the text would stay as it is. */
export const rewritings: { readonly [kind: string]: (text: string, random: Random) => string } = {
  case: (text, random) => (random.below(2) === 0 ? text.toUpperCase() : text.toLowerCase()),
  accents: (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss"),
  spaces: (text, random) => {
    const gaps = [...text.matchAll(/ /g)].map(({ index }) => index)
    if (gaps.length === 0) return ` ${text}`
    const at = gaps[random.below(gaps.length)] ?? 0
    return `${text.slice(0, at)}${random.below(2) === 0 ? "" : "  "}${text.slice(at + 1)}`
  },
  punctuation: (text, random) => random.pick([`${text}.`, text.replace(" ", "-"), text.replace(" ", ", "), `"${text}"`]),
  "swapped words": (text) => {
    const words = text.split(" ")
    return [...words.slice(1), words[0]].join(" ")
  },
  "one typo": (text, random) => typo(text, random),
  "two typos": (text, random) => typo(typo(text, random), random),
  abbreviation: (text) => text.replace(/straße\b/, "str.").replace(/^(\p{L})\p{L}{3,}/u, "$1."),
}

/** A slip in a letter, wherever it is. */
function typo(text: string, random: Random): string {
  const places = [...text.matchAll(/\p{L}(?=\p{L})/gu)].map(({ index }) => index)
  if (places.length === 0) return text
  const at = places[random.below(places.length)] ?? 0
  const [head, here, next, tail] = [text.slice(0, at), text.charAt(at), text.charAt(at + 1), text.slice(at + 2)]
  const letter = "abcdefghijklmnopqrstuvwxyz".charAt(random.below(26))
  return random.pick([head + letter + next + tail, head + letter + here + next + tail, head + next + tail, head + next + here + tail])
}

/** A table with some rows twice, the second time rewritten in one cell and at another place. Returns the position of each copy. */
export function withCopies(
  table: AlikeTable,
  kind: string,
  share: number,
  seed: number,
): { readonly rows: readonly Row[]; readonly copies: ReadonlySet<number> } {
  const random = new Random(seed, 4)
  const rewrite = rewritings[kind] ?? ((text: string) => text)
  const made: { readonly row: Row; readonly place: number; readonly isCopy: boolean }[] = table.rows.map((row, place) => ({
    row,
    place,
    isCopy: false,
  }))
  for (const [place, row] of table.rows.entries()) {
    if (random.next() >= share) continue
    const changed = table.columns.filter((name) => rewrite(String(row[name]), new Random(place)) !== row[name])
    const name = changed[random.below(Math.max(1, changed.length))]
    if (name === undefined) continue
    const text = rewrite(String(row[name]), new Random(place))
    if (text === row[name]) continue
    made.push({ row: { ...row, [name]: text }, place: place + 0.5 + random.next() * (table.rows.length - place), isCopy: true })
  }
  const sorted = made.sort((one, other) => one.place - other.place)
  return { rows: sorted.map(({ row }) => row), copies: new Set(sorted.flatMap(({ isCopy }, at) => (isCopy ? [at] : []))) }
}
