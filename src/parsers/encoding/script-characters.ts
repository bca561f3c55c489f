import type { ScriptLetters } from "./script-letters.ts"

/** Characters of one sort, and which share of a text they make up. */
interface Sort {
  readonly characters: ReadonlySet<string>
  readonly share: number
}

const never = 1e-6
const punctuation = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff60·]/
const wide = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/

/** The sorts from the most special on: a character counts as the first that has it. */
function charactersOf(makeSorts: () => readonly Sort[]): ScriptLetters {
  let sorts: readonly (Sort & { readonly chance: number })[] | undefined
  return {
    chanceOf(character) {
      // They are made on first use, because few files are in these encodings.
      sorts ??= makeSorts().map((sort) => ({ ...sort, chance: sort.share / sort.characters.size }))
      const found = sorts.find(({ characters }) => characters.has(character))
      return found?.chance ?? (punctuation.test(character) ? 0.003 : wide.test(character) ? 1e-4 : never)
    },
  }
}

/** Characters that are named one by one, or by a range of a double-byte encoding, whose standard has the usual ones first. */
const listed = (characters: string, share: number): Sort => ({ characters: new Set(characters), share })
function ranged(
  encoding: string,
  leads: readonly [first: number, last: number],
  share: number,
  trails: readonly [number, number] = [0xa1, 0xfe],
): Sort {
  const decoder = new TextDecoder(encoding)
  const characters = new Set<string>()
  for (let lead = leads[0]; lead <= leads[1]; lead++)
    for (let trail = trails[0]; trail <= trails[1]; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail))
      if (!character.includes("\ufffd")) characters.add(character)
    }
  return { characters, share }
}

const halfWidthKana = Array.from({ length: 0xff9d - 0xff66 + 1 }, (_, at) => String.fromCharCode(0xff66 + at)).join("")

const japaneseNames =
  "佐藤鈴木高橋田中伊渡辺山本村小林加吉松井斎清原石川島前岡長谷近後坂遠青福西太三浦上野新竹内金子和大塚平千葉久保河杉安丸今宮武早桜菅市水古荒関横東京都道府県区町丁目番地北海札幌仙台神奈戸名屋阪広静熊沖縄浜港央品黒世並豊練馬足立江墨文会社株式有限商事産業工製作所店支部課員様氏姓住電話号日月年時分額円合計数量単価税込備考男女学校生齢美恵花郎一二四五六七八九十健翔陽菜結愛優真由香織直樹浩介雄幸正明博誠隆亮修哲也拓哉裕智夫孝義弘実光良英春夏秋冬希望未来人国家民主自政務省現在使者理管的出入行見方言用思同発注納品請求書受取引送料決済済完了未払金顧客担当"
const simplifiedNames =
  "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文海峰玲芬飞宇浩然婷雪梅琳倩欣怡佳思子涵梓轩晨阳嘉俊博天一鑫鹏辉斌波健亮云春生荣北京上津重庆广州深圳南宁杭武汉西安成都郑长沙青岛连哈尔滨济昆福厦门合肥家庄太原贵乌鲁木齐银川呼和特省市县区镇乡村路街号楼室东湖河山浙徽四甘肃陕辽吉黑内蒙古新疆藏公司有限责股份科技贸易实业集团编姓名性别年龄地址电话手机邮箱日期时间额数量单价总计备注说类型状态产品称规格客户订货物款税率部职位经理员工男女是否的不了在人我他这中大来个到们为时就那以会也后得里过么心发事只作当想看无开用主行前所本见头面三已老从动两样现分将外但身些与意进把法此二点月其种声全己者向情正定问力给等几很最间打便因被走四第相次政口使教再真听世气信少关并加化由却代入先五口据件"
const traditionalNames =
  "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜侯曹薛傅丁溫紀蔣歐藍連唐馬董石卓程姚康馮古怡君志明淑芬家豪美玲建國雅婷俊傑佳蓉宗翰惠雯文雄欣冠宇麗華強貞偉哲玉秀英金春珍月娥惠雲鳳素慧如宜靜詩涵承恩宥辰子軒品睿晴臺北新桃園中南隆竹嘉義宜花蓮屏東彰化投澎湖門馬祖市縣區鄉鎮村里鄰路街段巷弄號樓之公司有限股份科技貿易實業集團編姓名性別年齡地址電話手機郵箱日期時間金額數量單價總計合備註說明類型狀態產品稱規格客戶訂單貨物付款稅率部門職位經理員工男女是否的一不了在人我他這大來上個到們為和時得就那要下以生會自著去過學對可後小麼心多天而能好都然沒於起發成事只作當想看無開十用主行又前所本見頭面同三已老從動兩長樣現分將外但身些與意進把法此回二理點其種聲全己話兒者向情正定問力給等幾很業最間打便位因重被走四第相次政海口使教西再平真聽世氣信少關並內加由卻代入先五太水萬資料據數"
const koreanNames =
  "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지나엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은준예시수빈영미경숙희자철호상재동혁훈아라별대울부산광특역군읍면리로번북초중종용창청춘포평화회사식름액량단가합계비품객일날짜다는의에을를한스트크그드르러터니과와으생학보관교업"

const kana = listed("あいうえおかがきくけこごさしじすずせそただちっつてでとどなにねのはばひふべほまみむめもやゆよらりるれろわをん", 0.2)
const katakanaLetters =
  "アイウエオカガキギクグケコゴサザシジスズセソゾタダチッツテデトドナニネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロワンヴー・"
const katakana = listed(katakanaLetters, 0.17)

/** The languages of encodings with two bytes for most characters. */
export const ideographs = {
  japanese: [
    charactersOf(() => [
      kana,
      katakana,
      listed(japaneseNames, 0.4),
      listed("ﾞﾟｰ", 0.02),
      listed(halfWidthKana, 0.1),
      ranged("euc-jp", [0xb0, 0xcf], 0.1),
      ranged("euc-jp", [0xd0, 0xf4], 0.005),
      ranged("euc-jp", [0xa4, 0xa5], 0.005),
    ]),
    // Words from abroad, and names as they are pronounced.
    charactersOf(() => [listed(katakanaLetters, 0.85), listed(japaneseNames, 0.1), ranged("euc-jp", [0xb0, 0xcf], 0.02)]),
    // A column of half-width kana has little else.
    charactersOf(() => [
      listed("ﾞﾟｰ", 0.12),
      listed("ｱｲｳｵｶｷｸｺｻｼｽｾﾀﾁﾄﾅﾆﾉﾊﾋﾌﾏﾐﾑﾓﾔﾕﾖﾗﾘﾙﾛﾝｮｭｯ", 0.7),
      listed(halfWidthKana, 0.1),
      listed(japaneseNames, 0.05),
      ranged("euc-jp", [0xb0, 0xcf], 0.02),
    ]),
  ],
  simplified: [
    charactersOf(() => [listed(simplifiedNames, 0.75), ranged("gb18030", [0xb0, 0xd7], 0.2), ranged("gb18030", [0xd8, 0xf7], 0.02)]),
  ],
  traditional: [
    charactersOf(() => [
      listed(traditionalNames, 0.75),
      ranged("big5", [0xa4, 0xc6], 0.2, [0x40, 0xfe]),
      ranged("big5", [0xc9, 0xf9], 0.01, [0x40, 0xfe]),
    ]),
  ],
  korean: [charactersOf(() => [listed(koreanNames, 0.75), ranged("euc-kr", [0xb0, 0xc8], 0.2), ranged("euc-kr", [0xca, 0xfd], 0.003)])],
} as const satisfies { readonly [script: string]: readonly ScriptLetters[] }
