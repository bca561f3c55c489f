/** What the end record of a zip file says about its central directory. */
export interface EndRecord {
  /** Offset in the file after the end record and its comment. Bytes from here on do not belong to the zip. */
  readonly end: number
  readonly directoryStart: number
  readonly directoryBytes: number
  readonly entries: number
  /** Bytes before the zip. Offsets in the zip are counted from its beginning. */
  readonly prefix: number
}

const recordBytes = 22
const signature = 0x06054b50
const locatorBytes = 20
const locatorSignature = 0x07064b50
const zip64Signature = 0x06064b50

/** The end record is followed by a comment of at most 65,535 bytes. */
export const endRecordReach = locatorBytes + recordBytes + 0xffff

/**
 * Finds the end record in the last bytes of a file. They begin at `offset` in the file.
 *
 * Bytes after the zip are ignored, as other readers ignore them: mail gateways append some. The last record whose directory fits into the file wins.
 */
export function findEndRecord(tail: Buffer, offset: number): EndRecord | undefined {
  for (let at = tail.length - recordBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== signature) continue
    const record = readEndRecord(tail, at, offset)
    if (record !== undefined) return record
  }
  return undefined
}

function readEndRecord(tail: Buffer, at: number, offset: number): EndRecord | undefined {
  const comment = tail.readUInt16LE(at + 20)
  const end = Math.min(offset + at + recordBytes + comment, offset + tail.length)
  const zip64 = zip64Record(tail, at, offset)
  const directoryBytes = zip64?.directoryBytes ?? tail.readUInt32LE(at + 12)
  const stated = zip64?.directoryStart ?? tail.readUInt32LE(at + 16)
  const directoryEnd = zip64?.at ?? offset + at
  const prefix = directoryEnd - directoryBytes - stated
  if (prefix < 0) return undefined
  return { end, directoryStart: stated + prefix, directoryBytes, entries: zip64?.entries ?? tail.readUInt16LE(at + 10), prefix }
}

/** The zip64 record of files with more than 65,535 entries or 4 GiB, if it is in these bytes. */
function zip64Record(tail: Buffer, at: number, offset: number) {
  const locator = at - locatorBytes
  if (locator < 0 || tail.readUInt32LE(locator) !== locatorSignature) return undefined
  const record = Number(tail.readBigUInt64LE(locator + 8)) - offset
  if (record < 0 || record + 56 > locator || tail.readUInt32LE(record) !== zip64Signature) return undefined
  return {
    at: offset + record,
    entries: Number(tail.readBigUInt64LE(record + 32)),
    directoryBytes: Number(tail.readBigUInt64LE(record + 40)),
    directoryStart: Number(tail.readBigUInt64LE(record + 48)),
  }
}
