export type { StoredReject, StoredRejects } from "./model/stored-reject.ts"
export { correctionWorkbook } from "./report/correction-workbook.ts"
