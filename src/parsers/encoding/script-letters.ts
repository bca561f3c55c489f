/** Letters of a language that is not written in Latin script, and how often each occurs, as a probability. */
export interface ScriptLetters {
  chanceOf(character: string): number
}

const rareLetter = 2e-4
const notOfScript = 1e-5

/** Single letters with their frequency in thousandths, as `а80 б16`. Other letters of the script are rare. */
function alphabet(written: string, script: RegExp): ScriptLetters {
  const known = new Map(written.split(" ").map((one) => [one.charAt(0), Number(one.slice(1)) / 1000]))
  return {
    chanceOf: (character) => known.get(character.toLowerCase()) ?? (script.test(character) ? rareLetter : notOfScript),
  }
}

const cyrillic = /\p{Script=Cyrillic}/u

/** The languages of encodings with one byte for each character. */
export const alphabets = {
  cyrillic: [
    "о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 щ4 э3 ф3 ё2 ъ0.4",
    "о94 а83 н68 и63 і57 в55 р48 т54 е47 с41 к37 л37 м31 у34 д34 п29 я20 з22 ь18 б17 г16 ч12 х11 ц9 й12 ю9 ж7 ї8 є5 ш7 щ4 ф3 ґ0.5",
    "а117 и90 о87 е88 н73 т75 р53 с47 в46 д34 л37 к36 м24 п28 з21 г15 я17 ъ16 у15 б13 ч14 ж7 щ6 й6 х6 ц7 ш4 ф3 ю1.5 ь0.3",
    "а114 и98 о90 е88 н55 р50 с49 т44 ј42 у43 д37 к36 в36 л33 м32 п29 з18 г18 б15 ч11 ш10 ц7 њ6 љ5 ж6 ћ6 х7 ђ2 ф3 џ0.3",
  ].map((letters) => alphabet(letters, cyrillic)),
  greek: [
    alphabet(
      "α115 ο98 ι78 ε77 τ77 σ49 ν66 η49 υ42 ρ42 π40 κ40 λ26 μ34 ς40 ά23 ό19 ί24 έ19 ή17 ω16 γ17 δ18 χ11 θ12 ύ10 φ9 β7 ξ5 ώ8 ζ4 ψ2 ϊ0.5 ΐ0.3 ϋ0.2",
      /\p{Script=Greek}/u,
    ),
  ],
  hebrew: [
    alphabet(
      "י110 ו100 ה90 ל70 א65 ר60 ת55 ב50 מ50 ש50 נ40 ד32 ח30 ק28 ע30 פ25 ם25 כ25 ט14 ז13 ג14 ן14 צ12 ס15 ץ3 ף3 ך6",
      /\p{Script=Hebrew}/u,
    ),
  ],
  arabic: [
    alphabet(
      "ا130 ل110 ي70 م65 و55 ن58 ر50 ت40 ب35 ة30 ع32 د35 س28 ف25 ه30 ك22 ق22 أ20 ح22 ج14 ش10 ص10 ط10 خ9 ى8 إ8 ض6 ذ6 ز7 ث5 ئ4 ء4 غ4 ظ2 آ2 ؤ2",
      /\p{Script=Arabic}/u,
    ),
  ],
  thai: [
    alphabet(
      "า75 น65 ร60 ก45 อ55 เ45 ง45 ่50 ้35 ม35 ย35 ล35 ว35 ด30 ท30 ส30 ต25 ั40 ี30 ิ35 ห20 ป20 บ20 ค20 จ15 พ15 ช12 แ15 ข12 ใ10 ไ12 โ8 ะ15 ุ15 ู12 ื12 ึ6 ์15 ศ8 ผ7 ณ6 ญ4 ซ5 ถ6 ภ5 ธ6 ฐ2 ษ4 ็8 ำ12 ๆ1 ฝ2 ฟ2 ฉ2",
      /\p{Script=Thai}/u,
    ),
  ],
} as const satisfies { readonly [script: string]: readonly ScriptLetters[] }
