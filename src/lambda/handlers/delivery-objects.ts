import type { Manifest } from "./manifest.ts"

/** Names the objects of a delivery in the processing storage. */
export class DeliveryObjects {
  readonly #folder: string

  /** `root` is the folder of the object and `revision` counts its plans. */
  constructor(root: string, revision: number, writer: string) {
    this.#folder = `${root}r${revision}/${writer}/`
  }

  static of(manifestKey: string, { revision, writer }: Manifest): DeliveryObjects {
    return new DeliveryObjects(rootOf(manifestKey), revision, writer)
  }

  get folder(): string {
    return this.#folder
  }

  /** All parts, as the parser wrote them. */
  get items(): string {
    return `${this.#folder}items.json`
  }

  /** Why a step that worked on a part has failed. */
  get failure(): string {
    return `${this.#folder}error.json`
  }

  raw(part: number): string {
    return `${this.#folder}${numbered(part)}.raw`
  }

  normalized(part: number): string {
    return `${this.#folder}${numbered(part)}.normalized`
  }

  /** What the normalizer has found out about the plan. */
  findings(part: number): string {
    return `${this.#folder}${numbered(part)}.findings.json`
  }

  /** The results of one round of validation. */
  round(round: number): RoundObjects {
    return new RoundObjects(`${this.#folder}v${round}/`)
  }
}

/** Names the objects of one round of validation. */
export class RoundObjects {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The parts that are validated in this round, where it is not all of them. */
  get items(): string {
    return `${this.#folder}items.json`
  }

  /** What the scorer has made of all parts. */
  get merged(): string {
    return `${this.#folder}merged.json`
  }

  /** What earlier parts tell the checks of a part. */
  knowledge(part: number): string {
    return `${this.#folder}${numbered(part)}.knowledge`
  }

  validated(part: number): string {
    return `${this.#folder}${numbered(part)}.validated`
  }

  /** What the checks of a part tell later parts. */
  states(part: number): string {
    return `${this.#folder}${numbered(part)}.states`
  }

  findings(part: number): string {
    return `${this.#folder}${numbered(part)}.findings.json`
  }

  score(part: number): string {
    return `${this.#folder}${numbered(part)}.score.json`
  }

  rejects(part: number): string {
    return `${this.#folder}${numbered(part)}.rejects`
  }
}

/** The key of the manifest of a revision. */
export function manifestKey(root: string, revision: number): string {
  return `${root}r${revision}/manifest.json`
}

/** The folder of an object, from the key of one of its manifests. */
export function rootOf(manifestKey: string): string {
  return manifestKey.replace(/r\d+\/manifest\.json$/, "")
}

function numbered(part: number): string {
  return String(part).padStart(6, "0")
}
