/** The first bytes of a part file. The last of them is the version of the format. */
export const partMagic = Buffer.from("RWGPART\x01", "latin1")
/** The last bytes of a part file. */
export const endMagic = Buffer.from("PARTEND\x01", "latin1")
/** The version of the format, in the last byte of both. */
export const partVersion = 1
/** The end of a part file: the position of the index, and `endMagic`. */
export const trailerBytes = 16
/** The header of a frame. */
export const headerBytes = 32
/** One entry of the index. */
export const entryBytes = 24
/** The most bytes of a frame, compressed or not, and of the arrays that a reader makes of it. */
export const mostFrameBytes = 2 ** 30
/** The most rows of a frame. */
export const mostFrameRows = 2 ** 26
