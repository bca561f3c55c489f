import { defineConfig } from "rowgate/cli"
import { sampleContract } from "./sample-contract.ts"

export default defineConfig({ name: "sample-orders", table: "orders", pipeline: sampleContract })
