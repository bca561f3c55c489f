import { scanStatus } from "../record-scanner.ts"
import {
  add,
  and,
  assembleModule,
  bitsOfBytes,
  block,
  branch,
  branchIf,
  type Code,
  countOnes,
  eq,
  equalBytes,
  geUnsigned,
  i32,
  isZero,
  Label,
  load,
  loadByte,
  loadVector,
  local,
  loop,
  mul,
  ne,
  or,
  orVectors,
  shiftLeft,
  shiftRightUnsigned,
  splatByte,
  store,
  sub,
  trailingZeros,
  when,
  xor,
} from "./assembler.ts"

/** Where the scanner leaves its results, as byte offsets into its memory. */
export const resultAt = { status: 0, position: 4, rows: 8, lines: 12, fixups: 16, strays: 20, blanks: 24 } as const

/** What `scan` is called with, in this order. All are `i32`; addresses are byte offsets into the memory. */
export const scanParameters = [
  "base", // address of the window; positions count from it
  "from", // position of the first record
  "end", // position after the last byte; the 16 bytes after it are zero
  "delimiter",
  "quote", // the delimiter again where there are no quotes
  "lineEnd",
  "otherLineEnd", // the same again where there is one
  "comment", // -1 where there are no comments
  "keepBlank", // 1 where a blank line is a record
  "row",
  "rowLimit",
  "starts", // address of the first column's starts
  "toEnds", // from a start to its end
  "stride", // from a column to the next
  "width",
  "rowStarts",
  "fixups",
  "strays", // address of the next stray row; the one before it is in the four bytes before
  "blanks",
  "blankFirst", // address of 256 bytes: 1 for each that a blank field may begin with
] as const

/**
 * The scanner of regular records: sixteen bytes are compared at once with the delimiter, the quote and the line end, and only the bytes that
 * are one of these are looked at. It stops, before the record, at all that is irregular: another number of fields, text after a closing
 * quote, a comment. Positions of fields go to column-major arrays; a field with doubled quotes is
 * noted as a fix-up, one that may be blank as such, a row with a quote within an unquoted field as a stray one.
 */
export function scanModule(): Uint8Array<ArrayBuffer> {
  const parameters = scanParameters.map((_, at) => local(at))
  const [
    base,
    from,
    end,
    delimiter,
    quote,
    lineEnd,
    otherLineEnd,
    comment,
    keepBlank,
    row,
    rowLimit,
    starts,
    toEnds,
    stride,
    width,
    rowStarts,
    fixups,
    strays,
    blanks,
    blankFirst,
  ] = parameters as [L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L]
  let next = parameters.length
  const p = local(next++) // where a block of sixteen bytes begins
  const mask = local(next++) // special bytes of the block that are still to be looked at
  const at = local(next++) // the special byte
  const byte = local(next++)
  const field = local(next++) // where the field begins
  const record = local(next++) // where the record begins
  const slot = local(next++) // where the field's start is stored
  const lastSlot = local(next++) // where the last field's start of the row is stored
  const fixup = local(next++) // where the next fix-up is stored
  const recordFixup = local(next++) // the same when the record began
  const blank = local(next++) // where the next field that may be blank is stored
  const recordBlank = local(next++) // the same when the record began
  const doubled = local(next++)
  const inside = local(next++) // line ends within quotes of the record
  const lines = local(next++)
  const status = local(next++)
  const line = local(next++)
  const stray = local(next++) // where the next stray row is stored
  const i32Locals = next - parameters.length
  const delimiters = local(next++)
  const quotes = local(next++)
  const lineEnds = local(next++)
  const otherLineEnds = local(next++)
  const vector = local(next++)

  const done = new Label()
  const blocks = new Label()
  const specials = new Label()
  const stop = (why: number): Code => [status.set(i32(why)), branch(done)]
  const index: Code = shiftRightUnsigned(sub(slot.get, starts.get), i32(2))
  const putField = (start: Code, stopAt: Code): Code => [
    store(slot.get, sub(start, base.get)),
    store(add(slot.get, toEnds.get), sub(stopAt, base.get)),
    when(loadByte(add(blankFirst.get, loadByte(start))), store(blank.get, index), blank.set(add(blank.get, i32(4)))),
  ]
  const isLineEnd = (value: Code): Code => or(eq(value, lineEnd.get), eq(value, otherLineEnd.get))
  const beginRecord = (after: Code): Code => [
    record.set(field.tee(after)),
    recordFixup.set(fixup.get),
    recordBlank.set(blank.get),
    inside.set(i32(0)),
  ]
  const stopAtComment: Code = branchIf(eq(loadByte(record.get), comment.get), done)
  /** The record ends with a line end at `line`; its last field is stored. */
  const endRecord: Code = [
    store(add(rowStarts.get, shiftLeft(row.get, i32(2))), sub(record.get, base.get)),
    row.set(add(row.get, i32(1))),
    lastSlot.set(add(lastSlot.get, i32(4))),
    slot.set(sub(lastSlot.get, width.get)),
    lines.set(add(lines.get, add(inside.get, i32(1)))),
    beginRecord(add(line.get, i32(1))),
    when(eq(row.get, rowLimit.get), stop(scanStatus.full)),
    stopAtComment,
  ]
  const nextQuote = new Label()
  const quotedBlocks = new Label()
  const quoteFound = new Label()
  const closed = new Label()
  const noteFixup: Code = when(doubled.get, store(fixup.get, index), fixup.set(add(fixup.get, i32(4))))
  const quotedField: Code = [
    p.set(add(at.get, i32(1))),
    doubled.set(i32(0)),
    block(
      closed,
      loop(
        nextQuote,
        block(
          quoteFound,
          loop(
            quotedBlocks,
            when(geUnsigned(p.get, end.get), stop(scanStatus.input)),
            vector.set(loadVector(p.get)),
            mask.set(bitsOfBytes(equalBytes(vector.get, quotes.get))),
            // An LF, or a CR without one after it where a CR ends a line.
            line.set(
              or(
                bitsOfBytes(equalBytes(vector.get, lineEnds.get)),
                and(
                  bitsOfBytes(equalBytes(vector.get, otherLineEnds.get)),
                  xor(bitsOfBytes(equalBytes(loadVector(add(p.get, i32(1))), lineEnds.get)), i32(-1)),
                ),
              ),
            ),
            branchIf(mask.get, quoteFound),
            inside.set(add(inside.get, countOnes(line.get))),
            p.set(add(p.get, i32(16))),
            branch(quotedBlocks),
          ),
        ),
        at.set(trailingZeros(mask.get)),
        inside.set(add(inside.get, countOnes(and(line.get, sub(shiftLeft(i32(1), at.get), i32(1)))))),
        p.set(add(p.get, at.get)),
        branchIf(ne(byte.tee(loadByte(add(p.get, i32(1)))), quote.get), closed),
        doubled.set(i32(1)),
        p.set(add(p.get, i32(2))),
        branch(nextQuote),
      ),
    ),
    // p is the closing quote, byte what follows it.
    when(geUnsigned(add(p.get, i32(1)), end.get), stop(scanStatus.input)),
    when(
      eq(byte.get, delimiter.get),
      when(eq(slot.get, lastSlot.get), stop(scanStatus.odd)),
      putField(add(field.get, i32(1)), p.get),
      noteFixup,
      slot.set(add(slot.get, stride.get)),
      p.set(field.tee(add(p.get, i32(2)))),
      branch(blocks),
    ),
    line.set(add(p.get, i32(1))),
    when(
      eq(byte.get, i32(13)),
      when(geUnsigned(add(p.get, i32(2)), end.get), stop(scanStatus.input)),
      when(eq(loadByte(add(p.get, i32(2))), i32(10)), line.set(add(p.get, i32(2)))),
    ),
    when(isZero(isLineEnd(loadByte(line.get))), stop(scanStatus.odd)),
    when(ne(slot.get, lastSlot.get), stop(scanStatus.odd)),
    putField(add(field.get, i32(1)), p.get),
    noteFixup,
    endRecord,
    p.set(field.get),
    branch(blocks),
  ]
  const blankLine: Code = [
    lines.set(add(lines.get, i32(1))),
    beginRecord(add(line.get, i32(1))),
    stopAtComment,
    branchIf(ne(byte.get, i32(13)), specials),
    p.set(field.get),
    branch(blocks),
  ]
  const body: Code = [
    delimiters.set(splatByte(delimiter.get)),
    quotes.set(splatByte(quote.get)),
    lineEnds.set(splatByte(lineEnd.get)),
    otherLineEnds.set(splatByte(otherLineEnd.get)),
    end.set(add(end.get, base.get)),
    fixup.set(fixups.get),
    blank.set(blanks.get),
    stray.set(strays.get),
    width.set(mul(sub(width.get, i32(1)), stride.get)),
    slot.set(add(starts.get, shiftLeft(row.get, i32(2)))),
    lastSlot.set(add(slot.get, width.get)),
    p.set(add(base.get, from.get)),
    block(
      done,
      status.set(i32(scanStatus.comment)),
      beginRecord(p.get),
      stopAtComment,
      loop(
        blocks,
        when(geUnsigned(p.get, end.get), stop(scanStatus.input)),
        vector.set(loadVector(p.get)),
        mask.set(
          bitsOfBytes(
            orVectors(
              orVectors(equalBytes(vector.get, delimiters.get), equalBytes(vector.get, quotes.get)),
              orVectors(equalBytes(vector.get, lineEnds.get), equalBytes(vector.get, otherLineEnds.get)),
            ),
          ),
        ),
        loop(
          specials,
          when(isZero(mask.get), p.set(add(p.get, i32(16))), branch(blocks)),
          at.set(add(p.get, trailingZeros(mask.get))),
          mask.set(and(mask.get, sub(mask.get, i32(1)))),
          byte.set(loadByte(at.get)),
          when(
            eq(byte.get, delimiter.get),
            when(eq(slot.get, lastSlot.get), stop(scanStatus.odd)),
            putField(field.get, at.get),
            slot.set(add(slot.get, stride.get)),
            field.set(add(at.get, i32(1))),
            branch(specials),
          ),
          when(
            eq(byte.get, quote.get),
            when(
              ne(at.get, field.get),
              when(ne(load(sub(stray.get, i32(4))), row.get), store(stray.get, row.get), stray.set(add(stray.get, i32(4)))),
              branch(specials),
            ),
            quotedField,
          ),
          // A line end. The CR before an LF is part of it, whether a CR alone ends a record or not.
          line.set(at.get),
          when(
            eq(byte.get, i32(13)),
            when(geUnsigned(add(at.get, i32(1)), end.get), stop(scanStatus.input)),
            when(eq(loadByte(add(at.get, i32(1))), i32(10)), line.set(add(at.get, i32(1)))),
          ),
          when(
            eq(field.get, record.get),
            when(
              or(eq(at.get, field.get), and(eq(at.get, add(field.get, i32(1))), eq(loadByte(field.get), i32(13)))),
              when(or(isZero(keepBlank.get), ne(slot.get, lastSlot.get)), blankLine),
            ),
          ),
          when(ne(slot.get, lastSlot.get), stop(scanStatus.odd)),
          when(and(ne(at.get, field.get), eq(loadByte(sub(at.get, i32(1))), i32(13))), at.set(sub(at.get, i32(1)))),
          putField(field.get, at.get),
          endRecord,
          // An LF that was taken together with its CR is not to be looked at again.
          branchIf(ne(byte.get, i32(13)), specials),
          p.set(field.get),
          branch(blocks),
        ),
      ),
    ),
    store(i32(resultAt.status), status.get),
    store(i32(resultAt.position), sub(record.get, base.get)),
    store(i32(resultAt.rows), row.get),
    store(i32(resultAt.lines), lines.get),
    store(i32(resultAt.fixups), sub(recordFixup.get, fixups.get)),
    store(i32(resultAt.strays), sub(stray.get, strays.get)),
    store(i32(resultAt.blanks), sub(recordBlank.get, blanks.get)),
  ]
  return assembleModule("scan", parameters.length, i32Locals, next - parameters.length - i32Locals, body)
}

type L = ReturnType<typeof local>
