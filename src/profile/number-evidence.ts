import { amountParts } from "../cells/amount-parts.ts"
import { Tally } from "./tally.ts"
import { thresholds } from "./thresholds.ts"

/** A way to write numbers. */
export interface Convention {
  readonly decimal: "." | ","
  readonly group: "" | "," | "." | " " | "'"
  /** Whether groups have two digits, as in India. */
  readonly pairs?: true
}

/** By bit of a mask, the preferred ones first. */
const conventions: readonly Convention[] = [
  { decimal: ".", group: "" },
  { decimal: ".", group: "," },
  { decimal: ".", group: "'" },
  { decimal: ".", group: " " },
  { decimal: ".", group: ",", pairs: true },
  { decimal: ",", group: "." },
  { decimal: ",", group: " " },
  { decimal: ",", group: "'" },
]
const maskOf = (test: (convention: Convention) => boolean) =>
  conventions.reduce((mask, convention, bit) => (test(convention) ? mask | (1 << bit) : mask), 0)
const every = maskOf(() => true)
const withPoint = maskOf(({ decimal }) => decimal === ".")
const withComma = every & ~withPoint
const groupedBy = (group: string) => maskOf((convention) => convention.group === group)
const inPairs = maskOf(({ pairs }) => pairs === true)

/** Numbers that are written alike, as far as their convention goes. */
class Sort {
  readonly tally = new Tally()
  readonly label: string
  /** The conventions in which the text is a number, and in which it is a whole one. */
  readonly mask: number
  readonly whole: number

  constructor(label: string, mask: number, whole: number) {
    this.label = label
    this.mask = mask
    this.whole = whole
  }

  /** Whether the text is different numbers in different conventions, such as 1.234. */
  get isDoubtful(): boolean {
    return this.whole !== 0 && this.whole !== this.mask
  }
}

/** What the numbers of a column have in common, under the convention that reads most of them. */
export interface NumberFindings {
  readonly convention: Convention
  readonly agreeing: readonly Sort[]
  /** Whether all of them are whole numbers that a double holds. */
  readonly isWhole: boolean
  /** The decimal sign that these numbers prove; undefined if they have no separators. */
  readonly proves: "." | "," | undefined
  /** Numbers that this convention does not read, but another one does. */
  readonly contrary: Tally | undefined
  /** Numbers that are different ones in different conventions, if nothing decides between them. */
  readonly undecided: Tally | undefined
  /** Numbers with a comma among whole ones, if they are so few that the commas may separate the items of lists. */
  readonly lists: Tally | undefined
  /** Whether the numbers look like phone numbers. */
  readonly arePhones: boolean
  /** Cells such as 12E5 that may be codes, because no other cell shows that the letter is an exponent. */
  readonly codes: Tally | undefined
}

/** The numbers among the texts of a column, by the way in which they are written. */
export class NumberEvidence {
  readonly #plain = new Sort("digits", every, every)
  readonly #long = new Sort("more than 15 digits", every, every)
  readonly #fraction = new Sort("decimal point", withPoint, 0)
  readonly #thousandths = new Sort("one separator before three digits", withPoint | groupedBy("."), groupedBy("."))
  readonly #others = new Map<string, Sort>()
  readonly #bareExponent = new Sort("exponent", withPoint, 0)
  /** How many cells are 0, which is the same with and without a percent sign. */
  nothings = 0
  /** Digits with a leading zero. */
  readonly zeros = new Tally()
  readonly currencies = new Map<string, Tally>()
  /** Numbers in parentheses, or with a minus sign after them. */
  readonly accounting = new Tally()
  /** Whole numbers that may count the seconds or the milliseconds since 1970. */
  readonly seconds = new Tally()
  readonly milliseconds = new Tally()
  /** Numbers that end in zeros after one comma: nobody who leaves out needless zeros writes 1,200 for 1.2. */
  #commaZeros = 0
  leastDigits = Number.POSITIVE_INFINITY
  mostDigits = 0
  #hasLongPlus = false
  /** Whether numbers without separators have up to three digits, or more. */
  #hasSmall = false
  #hasLarge = false

  get count(): number {
    return this.#sorts.reduce((sum, { tally }) => sum + tally.count, 0)
  }

  get tallies(): readonly Tally[] {
    return [...this.#sorts.map(({ tally }) => tally), this.#bareExponent.tally, this.zeros]
  }

  /** Cells that are in other tallies too. */
  get marks(): readonly Tally[] {
    return [...this.currencies.values(), this.accounting, this.seconds, this.milliseconds]
  }

  /** Numbers as programs write them, which have no currency. */
  get plain(): Tally {
    return Tally.sum([this.#plain, this.#long, this.#fraction, this.#thousandths].map(({ tally }) => tally))
  }

  get bareExponents(): Tally {
    return this.#bareExponent.tally
  }

  get #sorts(): readonly Sort[] {
    return [this.#plain, this.#long, this.#fraction, this.#thousandths, ...this.#others.values()]
  }

  /** Takes a cell of digits with at most a hyphen and a point. Returns false for any other. */
  addPlain(bytes: Buffer, start: number, end: number, row: number): boolean {
    let at = start
    if (bytes[at] === 45) at++
    const first = at
    while (at < end && isDigit(bytes[at])) at++
    const whole = at - first
    if (whole === 0) return false
    let tally: Tally
    if (at === end) {
      if (bytes[first] === 48 && whole > 1) tally = this.zeros
      else {
        if (bytes[first] === 48) this.nothings++
        this.#digits(whole)
        this.#ungrouped(whole)
        tally = whole > thresholds.mostDoubleDigits ? this.#long.tally : this.#plain.tally
        const since = bytes[first] !== 49 ? undefined : whole === 10 ? this.seconds : whole === 13 ? this.milliseconds : undefined
        if (since?.add() === true) since.keep(row, bytes.toString("latin1", start, end))
      }
    } else {
      if (bytes[at] !== 46) return false
      const point = at++
      while (at < end && isDigit(bytes[at])) at++
      if (at !== end || at === point + 1) return false
      const isDoubtful = end - point === 4 && whole <= 3 && bytes[first] !== 48
      tally = bytes[first] === 48 && whole > 1 ? this.zeros : isDoubtful ? this.#thousandths.tally : this.#fraction.tally
    }
    if (tally.add()) tally.keep(row, bytes.toString("latin1", start, end))
    return true
  }

  /** Takes a number that is written in another way, and says whether it was one. `percents` takes it if it has a percent sign. */
  addText(text: string, row: number, percents: NumberEvidence): boolean {
    const parts = amountParts(text)
    if (parts === undefined) return false
    const seen = separated(parts.digits)
    if (seen === undefined) return false
    const { digits } = parts
    if (seen.isBare) {
      if (this.#bareExponent.tally.add()) this.#bareExponent.tally.keep(row, text)
      return true
    }
    if (seen.leadsZero) {
      if (this.zeros.add()) this.zeros.keep(row, text)
      return true
    }
    if (parts.hasPlus && seen.count >= thresholds.leastPhoneDigits && seen.whole === every) this.#hasLongPlus = true
    const target = parts.hasPercent ? percents : this
    target.#take(seen, digits, text, row)
    if (parts.currency !== undefined) {
      const tally = this.currencies.get(parts.currency) ?? new Tally()
      this.currencies.set(parts.currency, tally)
      if (tally.add()) tally.keep(row, text)
    }
    if (parts.isAccounting && target.accounting.add()) target.accounting.keep(row, text)
    return true
  }

  #take({ label, mask, whole, count }: Separated, digits: string, text: string, row: number): void {
    const key = `${label} ${mask} ${whole} ${count > thresholds.mostDoubleDigits}`
    const sort = this.#others.get(key) ?? new Sort(count > thresholds.mostDoubleDigits ? "more than 15 digits" : label, mask, whole)
    this.#others.set(key, sort)
    if (whole !== 0) this.#digits(count)
    if (whole === every) this.#ungrouped(count)
    if (sort.isDoubtful && digits.includes(",") && digits.endsWith("0")) this.#commaZeros++
    if (sort.tally.add()) sort.tally.keep(row, text)
  }

  #ungrouped(count: number): void {
    if (count > 3) this.#hasLarge = true
    else this.#hasSmall = true
  }

  #digits(count: number): void {
    if (count < this.leastDigits) this.leastDigits = count
    if (count > this.mostDigits) this.mostDigits = count
  }

  /** Decides the convention. `proven` is the decimal sign that other columns of the table prove. */
  findings(proven: "." | "," | undefined): NumberFindings {
    const sorts = this.#sorts.filter(({ tally }) => tally.count > 0)
    const counts = conventions.map((_, bit) => sum(sorts.filter(({ mask }) => mask & (1 << bit))))
    const most = Math.max(...counts)
    const best = conventions.reduce((mask, _, bit) => (counts[bit] === most ? mask | (1 << bit) : mask), 0)
    const doubtful = sorts.filter((sort) => sort.isDoubtful)
    const isOpen = (best & withPoint) !== 0 && (best & withComma) !== 0
    const sign = isOpen && doubtful.length > 0 ? (this.#grouping(doubtful) ?? proven) : undefined
    const chosen = sign === "," ? best & withComma : isOpen || sign === "." ? best & withPoint : best
    const bit = Math.max(0, 31 - Math.clz32(chosen & -chosen))
    const convention = conventions[bit] ?? { decimal: ".", group: "" }
    const written = sorts.filter(({ mask }) => mask & (1 << bit))
    // 12E5 may be the number of a part, unless other cells have fractions or exponents with a sign.
    const bare = this.#bareExponent
    const areNumbers = bare.tally.count > 0 && convention.decimal === "." && written.some(({ whole }) => whole === 0)
    const agreeing = areNumbers ? [...written, bare] : written
    const isLong = agreeing.some(({ label }) => label === this.#long.label)
    return {
      convention,
      agreeing,
      isWhole: !isLong && agreeing.every(({ whole }) => whole & (1 << bit)),
      proves: isOpen ? undefined : convention.decimal,
      contrary:
        written.length < sorts.length ? Tally.sum(sorts.filter((sort) => !written.includes(sort)).map(({ tally }) => tally)) : undefined,
      lists: convention.decimal === "," && proven !== "," ? listsAmong(agreeing) : undefined,
      undecided: isOpen && doubtful.length > 0 && sign === undefined ? Tally.sum(doubtful.map(({ tally }) => tally)) : undefined,
      arePhones: this.#hasLongPlus || this.#arePhones(convention, agreeing),
      codes: areNumbers || bare.tally.count === 0 ? undefined : bare.tally,
    }
  }

  /**
   * Commas group digits, if some numbers below a thousand have none, no larger number lacks them, and some would end in needless zeros as fractions.
   * Points prove nothing in this way, since programs write fractions with them.
   */
  #grouping(doubtful: readonly Sort[]): "." | undefined {
    const haveCommas = doubtful.every(({ whole }) => (whole & withPoint) !== 0)
    return haveCommas && this.#commaZeros > 0 && this.#hasSmall && !this.#hasLarge ? "." : undefined
  }

  #arePhones({ group }: Convention, agreeing: readonly Sort[]): boolean {
    const isUniform = this.leastDigits === this.mostDigits && this.leastDigits >= thresholds.leastPhoneDigits
    return group === " " && isUniform && this.currencies.size === 0 && agreeing.every(({ whole }) => whole !== 0)
  }
}

function listsAmong(agreeing: readonly Sort[]): Tally | undefined {
  const separated = agreeing.filter(({ mask }) => mask !== every)
  const isRare = sum(separated) < sum(agreeing) * thresholds.leastCommaShare
  return isRare && separated.every(({ whole }) => whole === 0) ? Tally.sum(separated.map(({ tally }) => tally)) : undefined
}

interface Separated {
  readonly label: string
  readonly mask: number
  readonly whole: number
  /** How many digits the number has. */
  readonly count: number
  readonly leadsZero: boolean
  /** Whether it is an exponent without a sign, after digits without a point. */
  readonly isBare?: true
}

/** In which conventions the digits of an amount are a number. Undefined if in none. */
function separated(digits: string): Separated | undefined {
  const runs: number[] = []
  const signs: string[] = []
  let [run, count, at] = [0, 0, 0]
  for (; at < digits.length; at++) {
    const code = digits.charCodeAt(at)
    if (code >= 48 && code <= 57) {
      run++
      count++
      continue
    }
    const sign = separators.get(code)
    if (sign === undefined) break
    runs.push(run)
    signs.push(sign)
    run = 0
  }
  runs.push(run)
  const [head = 0, ...rest] = runs
  const leadsZero = head > 1 && digits.startsWith("0")
  if (at < digits.length) {
    const isNumber = signs.every((sign) => sign === ".") && signs.length < 2 && !(leadsZero && signs.length === 0)
    const exponent = isNumber ? /^[eE]([-+]?)\d{1,3}$/.exec(digits.slice(at)) : null
    if (exponent === null) return undefined
    const seen = { label: "exponent", mask: withPoint, whole: 0, count, leadsZero: false }
    return exponent[1] === "" && signs.length === 0 ? { ...seen, isBare: true } : seen
  }
  if (run === 0) return undefined
  if (signs.length === 0) return { label: "digits", mask: every, whole: every, count, leadsZero }
  const whole = groupMask(signs, head, rest, leadsZero || digits.startsWith("0"))
  const decimal = signs.at(-1)
  const before = signs.slice(0, -1)
  const isFraction = (decimal === "." || decimal === ",") && !before.includes(decimal)
  const groups = before.length === 0 ? every : groupMask(before, head, rest.slice(0, -1), digits.startsWith("0"))
  const fraction = isFraction ? groups & (decimal === "." ? withPoint : withComma) : 0
  const mask = whole | fraction
  if (mask === 0) return undefined
  const label =
    whole !== 0 && fraction !== 0
      ? "one separator before three digits"
      : whole !== 0
        ? `groups of digits, ${nameOf(signs[0])}`
        : `${before.length === 0 ? "" : `groups of digits, ${nameOf(before[0])}; `}decimal ${nameOf(decimal)}`
  return { label, mask, whole, count, leadsZero: leadsZero && whole === 0 }
}

/** The conventions in which separators group digits by three, or by two. */
function groupMask(signs: readonly string[], head: number, rest: readonly number[], startsWithZero: boolean): number {
  const [sign = ""] = signs
  if (head === 0 || head > 3 || startsWithZero || signs.some((other) => other !== sign) || rest.at(-1) !== 3) return 0
  if (rest.every((run) => run === 3)) return groupedBy(sign)
  return head < 3 && rest.slice(0, -1).every((run) => run === 2) ? groupedBy(sign) & inPairs : 0
}

const separators = new Map([
  [44, ","],
  [46, "."],
  [32, " "],
  [0xa0, " "],
  [0x202f, " "],
  [0x2009, " "],
  [39, "'"],
  [0x2019, "'"],
])

function nameOf(sign: string | undefined): string {
  return sign === "," ? "comma" : sign === "." ? "point" : sign === " " ? "blank" : "apostrophe"
}

function sum(sorts: readonly Sort[]): number {
  return sorts.reduce((total, { tally }) => total + tally.count, 0)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}
