import type { CellExample } from "./tally.ts"

/** How the texts of a column write their values. Left out where the kind's normalizer needs no option. */
export interface ProposedReading {
  /** The decimal sign of numbers. Default: a point. */
  readonly decimal?: "." | ","
  /** What separates groups of digits. Default: nothing. A blank stands for all of its forms. */
  readonly group?: "," | "." | " " | "'"
  /** Whether groups have two digits, except the last one: 12,34,567. */
  readonly pairs?: true
  /** The currency that stands before or after numbers. */
  readonly currency?: string
  /** Whether numbers are percentages: 12.5 % is read as 0.125. */
  readonly percent?: true
  /** Whether numbers in parentheses, or with a minus sign after them, are negative. */
  readonly accounting?: true
  /** The patterns of dates, in the letters of Unicode TR 35. */
  readonly formats?: readonly string[]
  /** The language of the names of months. Default: English. */
  readonly locale?: string
  /** The first of the hundred years that years of two digits stand for. */
  readonly pivot?: number
  /** The words for true and for false. */
  readonly words?: { readonly true: string; readonly false: string }
}

/** How many cells of the sample agree with the proposed kind, and in which notations. */
export interface KindEvidence {
  /** The cells of the sample that have a value. Blank cells and texts that are read as null are not among them. */
  readonly cells: number
  /** How many of them have the kind. */
  readonly agreeing: number
  /** `agreeing / cells`; 1 without cells. */
  readonly share: number
  /** The lower bound of the share in the whole file, with 95 % confidence (Wilson's score interval). */
  readonly bound: number
  /** How many agreeing cells are written in each notation, such as `yyyy-MM-dd` or `decimal point`. */
  readonly notations: { readonly [notation: string]: number }
}

/** Cells of the sample that do not have the proposed kind. Their rows will be rejected. */
export interface OddCells {
  /** How many there are. */
  readonly cells: number
  /** The first rows that have one, numbered as in the origin of a reject: at most 20. */
  readonly rows: readonly number[]
  /** The first of them: at most 5. */
  readonly examples: readonly CellExample[]
}

/** Why a column is text although it looks like something else. */
export interface KindDoubt {
  /** The reason, in a sentence that quotes no cell. */
  readonly reason: string
  /** Whether the cells may stand for different values, such as two dates. The score then counts each of them as a warning (`cell.doubt`). */
  readonly isOpen: boolean
  /** Whether the option `locale` would decide what the cells are. Default: false. */
  readonly localeDecides?: true
  /** Some cells that raise the doubt: at most 5. */
  readonly examples: readonly CellExample[]
}

/** Cells of one sort, which a remark concerns. */
export interface RemarkedCells {
  /** What they have in common, such as `without an offset`. */
  readonly label: string
  /** How many of the sample there are. */
  readonly cells: number
  /** The first of them: at most 5. */
  readonly examples: readonly CellExample[]
}

/** What the cells of a column leave open although they have a kind, and how they are read. */
export interface ColumnRemark {
  /** A sentence that quotes no cell. */
  readonly reason: string
  /** The sorts of cells that it concerns. */
  readonly sorts: readonly RemarkedCells[]
}

/** A text that is read as null, such as `N/A`. */
export interface NullText {
  /** The text as it is written. */
  readonly text: string
  /** How many cells of the sample have it. */
  readonly cells: number
}

/** What a sample of a column suggests. It is plain JSON, for you to review before you use it. */
export interface ProposedColumn {
  /** The name of the column in the file. */
  readonly name: string
  /**
   * The kind that its cells have. A few cells may disagree if the sample is large enough (`odd`); otherwise the column is text, which holds
   * everything. Digits with leading zeros, phone numbers and codes are text.
   */
  readonly kind: "text" | "integer" | "decimal" | "date" | "timestamp" | "boolean" | "json"
  /** How its texts are read. */
  readonly reading: ProposedReading
  /** How many cells of the sample are blank, null, or read as null. */
  readonly nulls: number
  /** Whether none is. */
  readonly filled: boolean
  /** The texts that are read as null. Always empty for text, where only error cells of a spreadsheet are. */
  readonly nullTexts: readonly NullText[]
  /** What speaks for the kind. */
  readonly evidence: KindEvidence
  /** The cells that disagree. */
  readonly odd: OddCells
  /** Why the column is text although it looks like something else. */
  readonly doubt?: KindDoubt
  /** What its cells leave open, such as the zone of times without an offset. Left out if there is nothing. */
  readonly remarks?: readonly ColumnRemark[]
  /** The values of a text column that has only a few, the most frequent first. */
  readonly values?: readonly { readonly value: string; readonly cells: number }[]
}

/** What a sample of a table suggests. */
export interface Proposal {
  /** The name of the table. */
  readonly table: string
  /** How many rows the sample has. */
  readonly rows: number
  /** One proposal for each column. */
  readonly columns: readonly ProposedColumn[]
}
