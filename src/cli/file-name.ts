export { fileName } from "../model/file-name.ts"
