import type { ColumnEvidence } from "./column-evidence.ts"
import type { ColumnRemark } from "./proposal.ts"
import { remark } from "./remark.ts"

/** What the texts of a column leave open. They are kept as they are. */
export function textRemarks({ dumpNulls, textFormulas }: ColumnEvidence): readonly ColumnRemark[] {
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
  ]
}
