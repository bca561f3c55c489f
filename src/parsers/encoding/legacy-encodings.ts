/** An encoding that `guessEncoding` considers, and what text in it looks like. */
export interface LegacyEncoding {
  readonly encoding: string
  /** The letters that make up most of the non-ASCII text in its languages; in another script, about two thirds of it. */
  readonly frequent: string
  /** All letters of its languages. */
  readonly letters: RegExp
  /** The weight of a letter that is not among the frequent ones. */
  readonly usual: number
  /** Whether its words also contain ASCII letters. */
  readonly latin: boolean
  /** The weight of the encoding: among equals, the more common one wins. */
  readonly prior: number
}

const cyrillic = { frequent: "оеаинтсрвлкм", letters: /\p{Script=Cyrillic}/u, usual: 0.6, latin: false }
const kana =
  "あいうえおかがきくけこごさしすせそただちってでとどなにねのはばまみめもやよらりるれろわをんアイカクシスタテトドニフマムラリルレロンー"
const simplified =
  "的一是不了在人有我他这中大来上国个到说们为子和地年时得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市号区"
const traditional =
  "的一是不了在人有我他這中大來上國個到說們為子和地年時得就那要下以生會自著去之過家學對可里後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市號區"

/**
 * The encodings that occur in files, to tell scripts apart. `judgeLatin` tells encodings of Latin script apart. The DOS code pages 437 and 858 are
 * read only if you declare them.
 */
export const legacyEncodings: readonly LegacyEncoding[] = [
  {
    encoding: "windows-1252",
    frequent: "éèêàçüöäßñóíáúøåæãõâôîûëïÉÖÜÄÅØÑÇÁÓÀÈ",
    letters: /[À-ÖØ-öø-ÿŒœŠšŽžŸªº]/,
    usual: 0.4,
    latin: true,
    prior: 1.02,
  },
  {
    encoding: "windows-1250",
    frequent: "šžýčřěůłąęśżćńźőűŠŽČŘŁŚŻĆŐŰďťň",
    letters: /[áéíóúöüäăâîşţđľôÁÉÍÓÚÖÜÄß]/,
    usual: 0.9,
    latin: true,
    prior: 1,
  },
  { encoding: "windows-1254", frequent: "ğışİŞĞçöüÇÖÜ", letters: /[âîûÂÎÛ]/, usual: 0.6, latin: true, prior: 0.98 },
  {
    encoding: "windows-1257",
    frequent: "ąčęėįšųūžāēģīķļņõäöüĄČŠŽĀĒĪŪ",
    letters: /[óéćźżłńśßåæøÅÆØ]/,
    usual: 0.4,
    latin: true,
    prior: 0.97,
  },
  {
    encoding: "macintosh",
    frequent: "éèêàçüöäßñóíáúøåæãõâôîûëïÉÖÜÄÅØÑÇ",
    letters: /[ÁÓÀÈÊÂÔÍÚÙòùìŒœŸÿ]/,
    usual: 0.4,
    latin: true,
    prior: 0.95,
  },
  { encoding: "windows-1251", ...cyrillic, prior: 1 },
  { encoding: "koi8-r", ...cyrillic, prior: 0.99 },
  { encoding: "ibm866", ...cyrillic, prior: 0.98 },
  { encoding: "iso-8859-5", ...cyrillic, prior: 0.97 },
  { encoding: "windows-1253", frequent: "αοιετσνηυρπκ", letters: /\p{Script=Greek}/u, usual: 0.6, latin: false, prior: 0.98 },
  {
    encoding: "windows-1255",
    frequent: "יוהלאתרבמנשד",
    letters: /\p{Script=Hebrew}/u,
    usual: 0.6,
    latin: false,
    prior: 0.98,
  },
  {
    encoding: "windows-1256",
    frequent: "ايلمنوتربعدس",
    letters: /\p{Script=Arabic}/u,
    usual: 0.6,
    latin: false,
    prior: 0.98,
  },
  { encoding: "windows-874", frequent: "านรอกเงมยลวด", letters: /\p{Script=Thai}/u, usual: 0.6, latin: false, prior: 0.98 },
  {
    encoding: "shift_jis",
    frequent: kana,
    letters: /[\p{Script=Hiragana}\u30a1-\u30ff\p{Script=Han}]/u,
    usual: 0.75,
    latin: false,
    prior: 1,
  },
  {
    encoding: "euc-jp",
    frequent: kana,
    letters: /[\p{Script=Hiragana}\u30a1-\u30ff\p{Script=Han}]/u,
    usual: 0.75,
    latin: false,
    prior: 1,
  },
  {
    encoding: "euc-kr",
    frequent: "이다는의에을가고지하도사서한기인시로대자전부리스구정",
    letters: /[가-힣]/,
    usual: 0.9,
    latin: false,
    prior: 1,
  },
  { encoding: "gb18030", frequent: simplified, letters: /\p{Script=Han}/u, usual: 0.75, latin: false, prior: 1 },
  { encoding: "big5", frequent: traditional, letters: /\p{Script=Han}/u, usual: 0.75, latin: false, prior: 1 },
]
