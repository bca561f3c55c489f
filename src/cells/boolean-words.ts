/** Words for true and false that go together, in lower case. */
export const booleanPairs: readonly (readonly [yes: string, no: string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["y", "n"],
  ["t", "f"],
  ["on", "off"],
  ["ja", "nein"],
  ["j", "n"],
  ["ja", "nee"],
  ["ja", "nej"],
  ["ja", "nei"],
  ["wahr", "falsch"],
  ["oui", "non"],
  ["vrai", "faux"],
  ["s\u00ed", "no"],
  ["si", "no"],
  ["s\u00ec", "no"],
  ["s", "n"],
  ["verdadero", "falso"],
  ["vero", "falso"],
  ["sim", "n\u00e3o"],
  ["sim", "nao"],
  ["verdadeiro", "falso"],
  ["tak", "nie"],
  ["ano", "ne"],
  ["igen", "nem"],
  ["da", "nu"],
  ["da", "ne"],
  ["kyll\u00e4", "ei"],
  ["evet", "hay\u0131r"],
  ["\u0434\u0430", "\u043d\u0435\u0442"],
  ["да", "не"],
  ["так", "ні"],
  ["áno", "nie"],
  ["taip", "ne"],
  ["jā", "nē"],
  ["jah", "ei"],
  ["ναι", "όχι"],
  ["כן", "לא"],
  ["نعم", "لا"],
  ["ya", "tidak"],
  ["có", "không"],
  ["はい", "いいえ"],
  ["是", "否"],
  ["예", "아니오"],
]

/** The pair that needs no further evidence. */
export const literalPair = 0

/** A word of a pair. */
export interface BooleanWord {
  readonly pair: number
  readonly value: boolean
}

/** The pairs that a word belongs to; undefined for another word. */
export function booleanWord(text: string): readonly BooleanWord[] | undefined {
  byWord ??= pairsByWord()
  return byWord.get(text.toLowerCase())
}

/** Made on first use, so that bundles of programs without booleans leave it out. */
let byWord: ReadonlyMap<string, readonly BooleanWord[]> | undefined

function pairsByWord(): ReadonlyMap<string, readonly BooleanWord[]> {
  const words = new Map<string, BooleanWord[]>()
  for (const [pair, [yes, no]] of booleanPairs.entries())
    for (const [word, value] of [[yes, true] as const, [no, false] as const]) words.set(word, [...(words.get(word) ?? []), { pair, value }])
  return words
}
