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
  type Local,
  load,
  loadByte,
  loadVector,
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
import { scanParameters, scanRegisters, scanVariables, scanVectors } from "./scan-registers.ts"

/** Where the scanner stores its results, as byte offsets into its memory. */
export const resultAt = { status: 0, position: 4, rows: 8, lines: 12, fixups: 16, strays: 20, blanks: 24 } as const

const { base, from, end, delimiter, quote, lineEnd, otherLineEnd, comment, keepBlank, row, rowLimit } = scanRegisters
const { starts, toEnds, stride, width, rowStarts, fixups, strays, blanks, blankFirst } = scanRegisters
const { cursor, marks, special, byte, field, record, slot, lastSlot, fixup, recordFixup, blank, recordBlank } = scanRegisters
const { doubled, inside, lines, status, line, stray, delimiters, quotes, lineEnds, otherLineEnds, vector } = scanRegisters

/** The end of the scan. */
const done = new Label()
/** Reads the block of sixteen bytes at the cursor. */
const blocks = new Label()
/** Handles the next special byte of the block. */
const specials = new Label()

const cr = 13
const lf = 10

/**
 * Scans regular records. It compares sixteen bytes at once with the delimiter, the quote and the line end, and then handles only the bytes that
 * match. It stops before any irregular record: a different number of fields, text after a closing quote, or a comment. The positions of fields
 * go to column-major arrays. It also notes fields with doubled quotes (fix-ups), fields that may be blank, and rows with a quote inside an
 * unquoted field (strays).
 */
export function scanModule(): Uint8Array<ArrayBuffer> {
  const body: Code = [
    prepare(),
    block(
      done,
      status.set(i32(scanStatus.comment)),
      beginRecord(cursor.get),
      stopAtComment(),
      loop(
        blocks,
        when(geUnsigned(cursor.get, end.get), stop(scanStatus.input)),
        vector.set(loadVector(cursor.get)),
        marks.set(specialBytes()),
        loop(
          specials,
          when(isZero(marks.get), cursor.set(add(cursor.get, i32(16))), branch(blocks)),
          takeSpecial(),
          when(eq(byte.get, delimiter.get), delimiterFound()),
          when(eq(byte.get, quote.get), quoteFound()),
          lineEndFound(),
        ),
      ),
    ),
    leaveResults(),
  ]
  return assembleModule("scan", scanParameters.length, scanVariables.length, scanVectors.length, body)
}

function prepare(): Code {
  return [
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
    cursor.set(add(base.get, from.get)),
  ]
}

/** Leaves out whatever belongs to an incomplete record. */
function leaveResults(): Code {
  return [
    store(i32(resultAt.status), status.get),
    store(i32(resultAt.position), sub(record.get, base.get)),
    store(i32(resultAt.rows), row.get),
    store(i32(resultAt.lines), lines.get),
    store(i32(resultAt.fixups), sub(recordFixup.get, fixups.get)),
    store(i32(resultAt.strays), sub(stray.get, strays.get)),
    store(i32(resultAt.blanks), sub(recordBlank.get, blanks.get)),
  ]
}

/** The delimiters, quotes and line ends of the block, one bit each. */
function specialBytes(): Code {
  return bitsOfBytes(
    orVectors(
      orVectors(equalBytes(vector.get, delimiters.get), equalBytes(vector.get, quotes.get)),
      orVectors(equalBytes(vector.get, lineEnds.get), equalBytes(vector.get, otherLineEnds.get)),
    ),
  )
}

/** Takes the first special byte and clears its bit. */
function takeSpecial(): Code {
  return [
    special.set(add(cursor.get, trailingZeros(marks.get))),
    marks.set(and(marks.get, sub(marks.get, i32(1)))),
    byte.set(loadByte(special.get)),
  ]
}

function delimiterFound(): Code {
  return [
    stopBehindLastField(),
    putField(field.get, special.get),
    slot.set(add(slot.get, stride.get)),
    field.set(add(special.get, i32(1))),
    branch(specials),
  ]
}

function quoteFound(): Code {
  return [when(ne(special.get, field.get), noteStray(), branch(specials)), quotedField()]
}

/** Handles a line end. A CR before an LF is part of it, whether or not a CR alone ends a record. */
function lineEndFound(): Code {
  return [
    line.set(special.get),
    takeLfBehindCr(special),
    when(
      eq(field.get, record.get),
      when(
        or(eq(special.get, field.get), and(eq(special.get, add(field.get, i32(1))), eq(loadByte(field.get), i32(cr)))),
        when(or(isZero(keepBlank.get), ne(slot.get, lastSlot.get)), blankLine()),
      ),
    ),
    stopBeforeLastField(),
    when(and(ne(special.get, field.get), eq(loadByte(sub(special.get, i32(1))), i32(cr))), special.set(sub(special.get, i32(1)))),
    putField(field.get, special.get),
    endRecord(),
    goOnBehindLine(),
  ]
}

/** Finds the closing quote of the field that the quote at `special` opens, and continues after the field. */
function quotedField(): Code {
  const nextQuote = new Label()
  const quotedBlocks = new Label()
  const quoteFound = new Label()
  const closed = new Label()
  return [
    cursor.set(add(special.get, i32(1))),
    doubled.set(i32(0)),
    block(
      closed,
      loop(
        nextQuote,
        block(
          quoteFound,
          loop(
            quotedBlocks,
            when(geUnsigned(cursor.get, end.get), stop(scanStatus.input)),
            vector.set(loadVector(cursor.get)),
            marks.set(bitsOfBytes(equalBytes(vector.get, quotes.get))),
            line.set(lineEndsInBlock()),
            branchIf(marks.get, quoteFound),
            inside.set(add(inside.get, countOnes(line.get))),
            cursor.set(add(cursor.get, i32(16))),
            branch(quotedBlocks),
          ),
        ),
        special.set(trailingZeros(marks.get)),
        inside.set(add(inside.get, countOnes(and(line.get, sub(shiftLeft(i32(1), special.get), i32(1)))))),
        cursor.set(add(cursor.get, special.get)),
        branchIf(ne(byte.tee(loadByte(add(cursor.get, i32(1)))), quote.get), closed),
        doubled.set(i32(1)),
        cursor.set(add(cursor.get, i32(2))),
        branch(nextQuote),
      ),
    ),
    behindClosingQuote(),
  ]
}

/** The cursor is at the closing quote, and `byte` is the byte after it. */
function behindClosingQuote(): Code {
  return [
    when(geUnsigned(add(cursor.get, i32(1)), end.get), stop(scanStatus.input)),
    when(
      eq(byte.get, delimiter.get),
      stopBehindLastField(),
      putQuotedField(),
      slot.set(add(slot.get, stride.get)),
      cursor.set(field.tee(add(cursor.get, i32(2)))),
      branch(blocks),
    ),
    line.set(add(cursor.get, i32(1))),
    takeLfBehindCr(line),
    when(isZero(isLineEnd(loadByte(line.get))), stop(scanStatus.odd)),
    stopBeforeLastField(),
    putQuotedField(),
    endRecord(),
    cursor.set(field.get),
    branch(blocks),
  ]
}

/** The line ends of a block inside quotes, one bit each: an LF, or a CR without an LF after it if a lone CR ends a line. */
function lineEndsInBlock(): Code {
  return or(
    bitsOfBytes(equalBytes(vector.get, lineEnds.get)),
    and(
      bitsOfBytes(equalBytes(vector.get, otherLineEnds.get)),
      xor(bitsOfBytes(equalBytes(loadVector(add(cursor.get, i32(1))), lineEnds.get)), i32(-1)),
    ),
  )
}

/** Skips an empty line. */
function blankLine(): Code {
  return [lines.set(add(lines.get, i32(1))), beginRecord(add(line.get, i32(1))), stopAtComment(), goOnBehindLine()]
}

/** Continues with the next special byte, except the LF of a CR LF: it was read with its CR, but its bit is still set. */
function goOnBehindLine(): Code {
  return [branchIf(ne(byte.get, i32(cr)), specials), cursor.set(field.get), branch(blocks)]
}

/** If `byte` is the CR at an address and an LF follows, moves `line` to that LF. */
function takeLfBehindCr(at: Local): Code {
  const next = add(at.get, i32(1))
  return when(
    eq(byte.get, i32(cr)),
    when(geUnsigned(next, end.get), stop(scanStatus.input)),
    when(eq(loadByte(next), i32(lf)), line.set(next)),
  )
}

function isLineEnd(value: Code): Code {
  return or(eq(value, lineEnd.get), eq(value, otherLineEnd.get))
}

function putField(start: Code, stopAt: Code): Code {
  return [
    store(slot.get, sub(start, base.get)),
    store(add(slot.get, toEnds.get), sub(stopAt, base.get)),
    when(loadByte(add(blankFirst.get, loadByte(start))), store(blank.get, slotIndex()), blank.set(add(blank.get, i32(4)))),
  ]
}

/** Stores the field between the quotes, and a fix-up if it contains a doubled quote. */
function putQuotedField(): Code {
  return [putField(add(field.get, i32(1)), cursor.get), when(doubled.get, store(fixup.get, slotIndex()), fixup.set(add(fixup.get, i32(4))))]
}

/** The index of the field's start among all starts. */
function slotIndex(): Code {
  return shiftRightUnsigned(sub(slot.get, starts.get), i32(2))
}

/** Notes the row once, even if it has several stray quotes. */
function noteStray(): Code {
  return when(ne(load(sub(stray.get, i32(4))), row.get), store(stray.get, row.get), stray.set(add(stray.get, i32(4))))
}

/** Ends the record at the line end at `line`; its last field is stored. */
function endRecord(): Code {
  return [
    store(add(rowStarts.get, shiftLeft(row.get, i32(2))), sub(record.get, base.get)),
    row.set(add(row.get, i32(1))),
    lastSlot.set(add(lastSlot.get, i32(4))),
    slot.set(sub(lastSlot.get, width.get)),
    lines.set(add(lines.get, add(inside.get, i32(1)))),
    beginRecord(add(line.get, i32(1))),
    when(eq(row.get, rowLimit.get), stop(scanStatus.full)),
    stopAtComment(),
  ]
}

function beginRecord(at: Code): Code {
  return [record.set(field.tee(at)), recordFixup.set(fixup.get), recordBlank.set(blank.get), inside.set(i32(0))]
}

function stop(why: number): Code {
  return [status.set(i32(why)), branch(done)]
}

/** `status` already has this value. */
function stopAtComment(): Code {
  return branchIf(eq(loadByte(record.get), comment.get), done)
}

/** The record has more fields than columns. */
function stopBehindLastField(): Code {
  return when(eq(slot.get, lastSlot.get), stop(scanStatus.odd))
}

/** The record has fewer fields than columns. */
function stopBeforeLastField(): Code {
  return when(ne(slot.get, lastSlot.get), stop(scanStatus.odd))
}
