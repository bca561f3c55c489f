/** What decides an inference. All figures are here, so that they can be seen and changed together. */
export const thresholds = {
  /**
   * A column has a kind if all its cells agree, or if the Wilson bound of the share that agrees is at least this. One cell of another kind is
   * tolerated from 563 cells on. A lower bound would make numbers of ids of which a few per cent have letters.
   */
  leastBound: 0.99,
  /** Cells in the form of the kind, but without a value, such as 2024-02-30, do not count against it as long as this share of the cells agrees. */
  leastShareBesideImpossible: 0.5,
  /** The order of day and month is decided if the Wilson bound of the share of the proofs that show it is at least this. */
  leastOrderBound: 0.9,
  /** A number of a date is the day rather than the year if a column has this many times as many different ones. */
  leastDayVariety: 2,
  /** Among whole numbers, commas begin decimals if at least this share of the numbers has one: 2,2 among 2 and 0 is a list. */
  leastCommaShare: 0.1,
  /** A text column of which at least this share would be of another kind has a doubt. */
  doubtfulShare: 0.8,
  /** How many rows that disagree a proposal names. */
  mostRows: 20,
  /** How many cells that disagree, and how many texts that are read as null, a proposal shows. */
  mostExamples: 5,
  /** The longest text of an example, in characters. */
  longestExample: 60,
  /** A text column with at most this many different values is an enumeration if each value occurs this many times on average. */
  mostValues: 20,
  leastRepeats: 3,
  /** A longer value is not counted as one of an enumeration, in bytes. */
  longestValue: 64,
  /** Whole numbers with more digits are decimals, because a double does not hold all of them. */
  mostDoubleDigits: 15,
  /** A number with a plus sign, or digits grouped by blanks, is a phone number from this many digits on, unless other cells show otherwise. */
  leastPhoneDigits: 7,
  /** Whole numbers of at least this many digits are text if the header names a code, such as a postal code. */
  leastCodeDigits: 4,
  /** The longest cell that may be a number, a date or a word, in bytes. */
  longestCell: 64,
} as const
