import type { ColumnEvidence } from "./column-evidence.ts"
import type { ColumnRemark } from "./proposal.ts"
import { remark } from "./remark.ts"

/** What the texts of a column leave open. They are kept as they are. */
export function textRemarks({ dumpNulls, textFormulas, replaced, doubled }: ColumnEvidence): readonly ColumnRemark[] {
  return [
    ...(dumpNulls.count > 0
      ? [
          remark("The text \\N is kept, although dumps of MySQL and PostgreSQL write it for no value; `nulls` (--null) reads it so.", [
            ["of them", dumpNulls],
          ]),
        ]
      : []),
    ...(textFormulas.count > 0
      ? [remark("Formulas of a spreadsheet that only hold a text are kept with their equals sign and quotes.", [["of them", textFormulas]])]
      : []),
    ...(replaced.count > 0
      ? [remark("Characters were lost before the file was written: U+FFFD stands in their place.", [["with U+FFFD", replaced]])]
      : []),
    ...(doubled.count > 0
      ? [remark("The texts were UTF-8 that a program has read as Latin-1, so that Ã¼ stands for ü.", [["of them", doubled]])]
      : []),
  ]
}
