/**
 * What decides a suspicion. All figures are here, each with its reason. They follow from what the kinds of damage do to a column, and from the bound on false alarms
 * in clean tables: 0.5 % of the cells. None is fitted to a pair of a dirty and a clean table.
 */
export const detectThresholds = {
  /** More rows than this are sampled: 65,536 give the share of a value within 0.4 % (two standard errors, at a share of one half). */
  mostRows: 65_536,
  /** The most cells of a sample. A code takes 4 bytes and a text about 40, so that a sample stays below 100 MB even if all of its cells differ. */
  mostCells: 2_000_000,
  /** Cells of at least this suspicion are reported by default: they are more likely wrong than right. */
  leastSuspicion: 0.5,

  /**
   * A run without a contract searches a sample that takes some tenths of a second, however large the file is. A share of one percent of 8,192 rows is known within a
   * quarter of a percent.
   */
  mostRowsOfRun: 8192,
  mostCellsOfRun: 100_000,
  leastRowsOfRun: 100,
  /** Wider tables are not searched in a run. */
  mostColumnsOfRun: 1000,
  /**
   * A run speaks only of what is hardly ever right: of a column in which one cell is as suspect as the first figure, or contradicts another column as clearly as the
   * second. Then all its suspect cells of this kind count. Several cells make up for a contradiction that is less clear, and for typos and repeated rows that are.
   */
  clearSuspicion: 0.6,
  clearContradiction: 0.85,
  severalCells: 3,

  /** Fewer filled cells than this have no usual form, no usual range and no dictionary. */
  fewCells: 20,

  /** Words that stand for no value. Between numbers and dates, such a word is never a value. */
  nullAmongNumbers: 0.9,
  /** Among texts, a word such as `unknown` may be a category if it is as frequent as this. */
  nullWordShare: 0.1,
  nullWord: 0.7,
  frequentNullWord: 0.3,
  /** Numbers and dates such as 999 and 1900-01-01, repeated and beyond all others: by this many days, or with this ratio to the median. */
  nullNumber: 0.7,
  nullDayGap: 1000,
  nullNumberRatio: 4,

  /** Empty cells are suspect in columns that are nearly always filled, and a matter of course where they are more frequent. */
  rareEmptyShare: 0.02,
  rareEmpty: 0.55,
  someEmptyShare: 0.1,
  someEmpty: 0.25,

  /** A column is of numbers, or of moments, if this share of its cells is: at 20 % damage it still is. */
  typeShare: 0.75,
  oddType: 0.8,
  /** Texts among numbers that repeat more often than this are words that somebody chose. */
  oddTypeShare: 0.05,
  frequentOddType: 0.4,

  /** A layout is common from this share on, and rare up to this one. It is odd if common layouts make up nearly all cells. */
  commonLayout: 0.05,
  rareLayout: 0.01,
  allCommon: 0.9,
  /** Names have odd layouts by nature (hyphens, numbers, initials), so that nearly all must be plain words. */
  allWords: 0.98,
  oddLayout: 0.75,
  oddLayoutOfWords: 0.58,
  /** Beside one layout that dominates, a layout is odd up to the share at which others are common. */
  dominantLayout: 0.8,
  besideDominant: 0.52,
  /** Dates that a spreadsheet made of codes. */
  madeDate: 0.7,
  mostMadeDates: 0.2,
  /** A column mixes layouts of one kind (numbers with and without a unit, dates in two formats). The minority is suspect up to this ratio to the majority. */
  mixRatio: 0.5,
  mixedLayout: 0.6,
  rareMixedLayout: 0.75,
  rareMixShare: 0.05,
  /** Codes have one fine pattern if nearly all cells share it. A counter grows a digit at 90 % of its values, so lengths of digits need more. */
  fixedPattern: 0.9,
  fixedDigits: 0.95,
  oddPattern: 0.65,
  /** The most that a rare pattern may make up, beside the usual one. */
  rarePattern: 0.02,
  /** Letters are written in one way if nearly all values are. By itself this is weak: names have their own ways. */
  usualLetters: 0.98,
  oddLetters: 0.35,
  /** White space around a value that other cells have without it. */
  space: 0.6,

  /** A value that differs only in case, accents, space or punctuation from one that is this many times as frequent. */
  variantRatio: 3,
  variant: 0.75,
  /** A typo is near a value that is at least this many times as frequent; from the second ratio on it has its full weight. */
  typoRatio: 3,
  clearTypoRatio: 15,
  weakTypo: 0.5,
  clearTypo: 0.9,
  /** Words of fewer letters are near each other by chance. */
  leastTypoLength: 4,
  /** From these lengths on, two and three edits are one slip. */
  twoEdits: 9,
  threeEdits: 24,
  /** Typos do not repeat; this share of the cells, and this number, is the most that one typo makes up. */
  mostTypoShare: 0.002,
  mostTypos: 4,
  /** How many frequent values show how near to each other the right values of a column are. */
  probedDensity: 300,
  /** In a column with a long tail of rare values, some are near frequent ones by chance. Below the first share of the rare values, a typo has half its weight. */
  fewNear: 0.03,
  manyNear: 0.2,
  /** Where this share of the cells has a value of its own, new values are usual, and a new one that is near a frequent one may be right. */
  fewOnce: 0.01,
  manyOnce: 0.1,
  /** The most frequent values that typos are looked for among. Each takes a comparison for each rare value. */
  mostFrequent: 2000,
  /** Words within texts: a frequent one is in this many different values, and in this share of them. Words of fewer letters are near each other by chance. */
  leastWordLength: 6,
  leastWordCount: 8,
  leastWordShare: 0.005,
  mostFrequentWords: 2000,
  longestText: 1000,
  /** Of frequent words, at most this share may be near another one. */
  mostNearWords: 0.02,
  wordTypo: 0.55,
  /** A closed domain: frequent values make up nearly all cells, and the others are rare. */
  closedDomain: 0.98,
  outsideDomain: 0.35,
  /** A value that a sample or a ruleset lacks altogether, in a column in which next to no value occurs once. */
  leastOnce: 0.001,
  newInDomain: 0.55,
  /** Outside of a closed domain and one edit from its only near value, a short text is a typo too. */
  shortTypo: 0.6,

  /** A value of another column: as frequent as this there, and here once or twice or with this ratio. */
  leastForeignCount: 5,
  mostForeignHere: 2,
  foreignRatio: 0.03,
  foreign: 0.8,
  /** Columns that share more of their values than this have one domain. */
  sharedDomain: 0.05,

  /** A column determines another if knowing it removes this share of the errors that guessing the most frequent value makes. */
  leastLift: 0.7,
  clearLift: 0.95,
  dependency: 0.9,
  /**
   * Beside many errors, a dependency removes fewer errors, but still: nearly all groups have a clear majority, and those that deviate from it deviate by chance, each in
   * another way. Two values that both repeat in a group are no errors, and neither are frequent values that are the majority of no group.
   */
  leastDirtyLift: 0.35,
  clearDirtyLift: 0.6,
  clearGroups: 0.9,
  leastMajority: 0.35,
  largeGroup: 4,
  mostRepeatedDissent: 0.2,
  leastDissentPairs: 20,
  mostOtherDissent: 0.5,
  /**
   * Pairs of columns determine another if they tell clearly, and more than each alone. There are many pairs, so chance has many tries. A table of 300 by 300 codes takes
   * 360 kB.
   */
  leastPairLift: 0.85,
  leastPairGain: 0.1,
  mostPairValues: 300,
  mostPairParts: 10,
  /** The determining side of a failed dependency weighs less than the determined one: nothing says what it should be. */
  determiningSide: 0.8,
  /** How much a dependency weighs for which nothing is known: without others, either side may be wrong. */
  unknownBadness: 0.5,
  /** Two towns may have one name: if the other dependencies of both cells hold in a row, a failed one weighs less. */
  namesakeBadness: 0.2,
  namesake: 0.4,
  /** Every column is tried with every other one, so that a table of thousands of columns would take hours. */
  mostDetermining: 64,
  mostDetermined: 256,
  /** Most columns have nothing to do with each other, which this many rows show. */
  probedRows: 4000,
  leastProbedLift: 0.1,
  /** Rows in groups of at least two that a dependency needs, and the least that guessing would get wrong. */
  leastGroupedRows: 30,
  leastTellingRows: 10,
  /** Several sources tell of one entity if this many values distinguish the rows of a group. */
  mostSources: 100,
  leastSources: 3,
  sourceUnique: 0.95,
  /** A source tells of at least this share of the entities on average. Customers and the products that they bought are no entities and sources. */
  leastCoverage: 0.25,
  /** Independent sources agree by chance as often as two rows of the column do; agreement is evidence only if that is rare. */
  mostChanceAgreement: 0.1,
  leastSourceAgreement: 0.3,
  source: 0.8,

  /** Outliers by themselves are weak: most of them are true. Far and lonely ones are slips of a unit or a decimal point. */
  outlier: 0.3,
  farOutlier: 0.6,
  /**
   * Far outliers lie beyond a gap: going out from the middle three fifths, the next number is this many times as far from the median as the one before. A tail, however
   * heavy, has few such gaps.
   */
  gapRatio: 3,
  /**
   * A tail is heavy if the last quintile is this many times as far from the median as the 65th percentile: 2 of a uniform distribution, 2.2 of a normal one, 2.6 of an
   * exponential one, 3.8 of a log-normal one with a deviation of 2. Damage of a fifth of the cells does not move these percentiles far.
   */
  heavyTail: 3.2,
  /** Fewer numbers than this have no usual range. */
  fewNumbers: 30,
  /** Fewer distinct numbers than this are codes or counts. */
  leastNumbers: 12,
  /** Robust standard deviations of logarithms: beyond the third, of a normal one, lie 3 in a million. */
  logDeviations: 4.5,

  /** A sorted column has this share of neighbours in order; at 20 % damage, 80 % are left. In a random order, half are. */
  sortedShare: 0.75,
  /** Rows this far apart are in order too: the groups of a table that is sorted within groups are shorter. */
  farRows: 50,
  /** A cell is out of place by more than this many usual steps: a series that grows may fall a little. */
  mostSteps: 20,
  usualStep: 0.9,
  outOfOrder: 0.6,

  /**
   * Rows are twins if they share a value that identifies, and all other cells but one. Values identify if this share of them is distinct: beside a fifth of rows that occur
   * twice, 83 % are. Tables of fewer columns have such rows by chance.
   */
  twin: 0.58,
  twinFilled: 0.9,
  twinDistinct: 0.7,
  mostTwins: 4,
  mostTwinKeys: 64,
  mostTwinChecks: 256,
  leastTwinColumns: 4,
  /** So many twins show whether they differ by right: errors are in all columns, and this share of them is not in one. */
  fewTwins: 4,
  mostOneColumn: 0.6,
  /** The most rows that may be alike in all other cells although their values differ. */
  mostAlike: 0.1,
} as const
