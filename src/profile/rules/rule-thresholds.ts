/** What decides whether a rule is proposed, and whether its evidence is thin. A rule with thin evidence is a comment. */
export const ruleThresholds = {
  /** Rows that show a rule need a Wilson bound of this: a column is required if 73 rows have a value, and none has none. */
  leastBound: 0.95,
  /** A key, an order or a sum may fail in this share of the rows. Those rows are rejected, and named. */
  mostRepeats: 0.01,
  mostExceptions: 0.01,
  /** A key of two columns is looked for among this many of the first columns, and given up if it repeats too often in this many rows. */
  mostKeyPlaces: 16,
  mostKeyParts: 8,
  probedKeyRows: 200,
  /** It has good evidence if chance would have repeated this many pairs. */
  leastChanceRepeats: 10,
  /** How many rows a rule names. */
  mostRows: 10,
  /** A text column with more values, or longer ones, is no enumeration. */
  mostValues: 30,
  longestValue: 64,
  /** An enumeration has thin evidence if its values occur less often on average. */
  leastRepeats: 10,
  /** Sums and products are looked for among at most this many columns of numbers. */
  mostNumbers: 14,
  /** They are looked for in this many rows, and then tried in all of them. */
  probedRows: 200,
  /** A dependency that fails in so many rows with an earlier one of their group is given up. */
  probedGroupedRows: 300,
  /**
   * A dependency is looked for if this many values of the determining column repeat, this many of these have another value than the most frequent one, and this many rows
   * would contradict an earlier one by chance. It is proven with the second figures. That 50 rows agree by chance has a probability of less than 1e-15.
   */
  fewGroups: 5,
  enoughGroups: 10,
  fewOtherGroups: 2,
  enoughOtherGroups: 5,
  fewLuckyRows: 15,
  enoughLuckyRows: 50,
  leastLift: 0.9,
  /** A value of a condition needs this many rows, and other values too. The column is then empty in nearly all of the others, or in some. */
  leastConditionRows: 20,
  leastEmptyElsewhere: 0.95,
  someEmptyElsewhere: 0.5,
  /** So many different values must have right check digits: of random digits, one value in ten has. */
  leastChecksums: 20,
} as const
