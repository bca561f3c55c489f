export type { StoredReject, StoredRejects } from "./model/stored-reject.ts"
export { correctionWorkbook } from "./report/correction-workbook.ts"
export type { ReportPageOptions } from "./report/page/report-page.ts"
export { reportPage } from "./report/page/report-page.ts"
