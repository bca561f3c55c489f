import type { CliStream } from "../../src/cli/cli-io.ts"

/** A stream that keeps what is written to it. */
export class TextStream implements CliStream {
  text = ""
  readonly isTTY: boolean

  constructor({ isTTY = false }: { readonly isTTY?: boolean } = {}) {
    this.isTTY = isTTY
  }

  write(text: string): void {
    this.text += text
  }
}
