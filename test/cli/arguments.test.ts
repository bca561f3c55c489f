import { expect, test } from "vitest"
import { Arguments } from "../../src/cli/arguments.ts"
import { failureOf } from "./failure-of.ts"

const specs = { to: { value: "TARGET", about: "" }, key: { value: "COLUMNS", about: "" }, "dry-run": { about: "" } }
const parse = (...argv: string[]) => Arguments.parse("ingest", argv, specs)

test("values, switches and operands may stand in any order", () => {
  const args = parse("a.csv", "--to", "x", "--dry-run", "b.csv", "--key=a, b")
  expect(args.operands).toEqual(["a.csv", "b.csv"])
  expect(args.text("to")).toBe("x")
  expect(args.flag("dry-run")).toBe(true)
  expect(args.names("key")).toEqual(["a", "b"])
  expect(parse().text("to")).toBeUndefined()
  expect(parse().flag("dry-run")).toBe(false)
})

test("what follows -- is an operand, whatever it looks like", () => {
  expect(parse("--", "--to.csv").operands).toEqual(["--to.csv"])
})

test("a value may begin with one dash", () => {
  expect(parse("--to", "-1", "--to=-2").text("to")).toBe("-2")
  expect(parse("--", "--to", "-1").operands).toEqual(["--to", "-1"])
  expect(failureOf(() => parse("--to", "--key", "a")).message).toBe("--to needs a value, but --key follows.")
})

test("--help is heard beside any mistake", () => {
  expect(Arguments.parse("ingest", ["--tabel", "-h"], { ...specs, help: { about: "" } }).flag("help")).toBe(true)
})

test.each([
  [["--tabel", "x"], "rowgate ingest has no option --tabel."],
  [["--kye=x"], "rowgate ingest has no option --kye. Did you mean --key?"],
  [["-key", "x"], "rowgate ingest has no option -key. Did you mean --key?"],
  [["-x"], "rowgate ingest has no option -x."],
  [["--constructor"], "rowgate ingest has no option --constructor."],
  [["--to"], "--to needs a value: --to TARGET."],
  [["--dry-run=yes"], "--dry-run takes no value."],
])("%j is refused with one sentence and the option that was meant", (argv, message) => {
  expect(failureOf(() => parse(...argv)).message).toBe(message)
})

test.each([
  [["--tabel", "x"], "--tabel"],
  [["--to"], "--to"],
  [["--dry-run=yes"], "--dry-run"],
])("%j is refused, with the option and where help is", (argv, option) => {
  const failure = failureOf(() => parse(...argv))
  expect(failure).toMatchObject({ code: "CONFIG_INVALID", remedy: "Run rowgate ingest --help to see the options." })
  expect(failure.message).toContain(option)
  expect(failure.message.length).toBeLessThan(80)
})

test("empty values and empty names are refused", () => {
  expect(failureOf(() => parse("--to=").text("to")).message).toContain("--to")
  expect(failureOf(() => parse("--key=a,,b").names("key")).message).toContain("--key")
})

test("a value that must be one of a list says which", () => {
  expect(parse("--to=b").oneOf("to", ["a", "b"])).toBe("b")
  const near = failureOf(() => parse("--to=apend").oneOf("to", ["append", "replace"]))
  expect(near.message).toBe('--to is "apend", not one of append, replace. Did you mean append?')
  expect(failureOf(() => parse("--to=xyz").oneOf("to", ["append", "replace"])).message).toBe('--to is "xyz", not one of append, replace.')
})
