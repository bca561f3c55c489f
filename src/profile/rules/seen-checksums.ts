import { type Checksum, plainDigits } from "../../cells/checksums/checksum.ts"
import { gtinChecksum } from "../../cells/checksums/gtin.ts"
import { ibanChecksum } from "../../cells/checksums/iban.ts"
import { isbnChecksum } from "../../cells/checksums/isbn.ts"
import { isinChecksum } from "../../cells/checksums/isin.ts"
import { luhnChecksum } from "../../cells/checksums/luhn.ts"
import { vatChecksum } from "../../cells/checksums/vat-number.ts"
import { ruleThresholds } from "./rule-thresholds.ts"

/** The kind of check digits that all values of a column have. A value that has none ends the search, which for most columns is the first one. */
export class SeenChecksums {
  /** The narrow kinds first: an ISBN is an article number too. */
  #kinds: readonly Checksum[] = [isinChecksum, ibanChecksum, vatChecksum(), isbnChecksum, gtinChecksum, luhnChecksum]
  /** Some different values, to see that there are enough. */
  readonly #values = new Set<string>()

  add(text: string, isNumber: boolean): void {
    if (this.#kinds.length === 0) return
    const plain = plainDigits(text)
    this.#kinds = this.#kinds.filter(({ faultOf }) => faultOf(plain, isNumber) === undefined)
    if (this.#values.size < ruleThresholds.leastChecksums) this.#values.add(plain)
  }

  /** Undefined if there is none, or if too few different values have it, which may be chance. */
  get kind(): Checksum | undefined {
    return this.#values.size < ruleThresholds.leastChecksums ? undefined : this.#kinds[0]
  }
}
