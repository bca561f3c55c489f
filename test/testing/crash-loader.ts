import { crashLoader } from "rowgate/testing"
import { folderSink } from "./folder-sink.ts"

crashLoader(folderSink)
