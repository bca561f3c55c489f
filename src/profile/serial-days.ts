/** Spreadsheets count days from the end of 1899. These are in 1954 and in 2064. */
export const firstSerial = 20_000
export const lastSerial = 60_000
