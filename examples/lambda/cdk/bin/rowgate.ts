import { App } from "aws-cdk-lib"
import { readOptions } from "../lib/options.ts"
import { RowgateStack } from "../lib/rowgate-stack.ts"

const app = new App()
const options = readOptions(app.node)
new RowgateStack(app, options.name, { options })
app.synth()
