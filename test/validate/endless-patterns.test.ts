import * as v from "valibot"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline, memory } from "../../src/index.ts"
import { isEndless } from "../../src/validate/patterns/is-endless.ts"
import { endless } from "./endless.ts"

/** Patterns that people use for codes, numbers, dates, names, addresses and files. None of them is endless. */
const usual: readonly RegExp[] = [
  /^\d+$/,
  /^-?\d+(\.\d+)?$/,
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  /^\d{1,3}(,\d{3})*(\.\d+)?$/,
  /^\d{1,3}(\.\d{3})*(,\d+)?$/,
  /^\$?\d+(,\d{3})*(\.\d{2})?$/,
  /^[A-Z]{2}$/,
  /^[A-Z]{3}-\d{4}$/,
  /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
  /^[a-z][a-zA-Z0-9]*$/,
  /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/,
  /^[\w.-]+$/,
  /^\w+(\s\w+)*$/,
  /^(\d+,)*\d+$/,
  /^\d{4}-\d{2}-\d{2}$/,
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  /^(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})$/,
  /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(([+-]\d\d:\d\d)|Z)?$/i,
  /^P(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/,
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/,
  /^[\w-]+(\.[\w-]+)*@([\w-]+\.)+[a-zA-Z]{2,7}$/,
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/,
  /^https?:\/\/[^\s/$.?#].[^\s]*$/i,
  /^(https?:\/\/)?([\da-z.-]+)\.([a-z.]{2,6})([/\w .-]*)\/?$/,
  /^(?:https?:\/\/)?(?:www\.)?[-a-z0-9@:%._+~#=]{1,256}\.[a-z]{1,6}\b(?:[-a-z0-9@:%_+.~#?&/=]*)$/i,
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  /^((25[0-5]|(2[0-4]|1\d|[1-9]|)\d)\.?\b){4}$/,
  /^([\da-f]{1,4}:){7}[\da-f]{1,4}$/i,
  /^([0-9A-F]{2}[:-]){5}[0-9A-F]{2}$/i,
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i,
  /^\/?([a-z0-9_-]+\/)*[a-z0-9_-]+\.[a-z]+$/,
  /^[a-zA-Z]:\\(?:[^\\/:*?"<>|\r\n]+\\)*[^\\/:*?"<>|\r\n]*$/,
  /^\+?[1-9]\d{1,14}$/,
  /^\+?(\d[\d\-. ]+)?(\([\d\-. ]+\))?[\d\-. ]+\d$/,
  /^(\+\d{1,2}\s?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}$/,
  /^\d{5}(-\d{4})?$/,
  /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i,
  /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
  /^\d{4} ?[A-Z]{2}$/,
  /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/,
  /^[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,4})?$/,
  /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/,
  /^(ATU\d{8}|BE[01]\d{9}|DE\d{9}|FR[A-Z0-9]{2}\d{9})$/,
  /^\d{3}-\d{2}-\d{4}$/,
  /^(?!000|666)[0-8]\d{2}-(?!00)\d{2}-(?!0000)\d{4}$/,
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|3[47]\d{13})$/,
  /^(\d{4}[ -]?){3}\d{4}$/,
  /^(97(8|9))?\d{9}(\d|X)$/,
  /^[A-HJ-NPR-Z0-9]{17}$/,
  /^[A-Z]{2}[A-Z0-9]{9}\d$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{24}$/i,
  /^[0-9a-f]{64}$/i,
  /^#?([a-f0-9]{6}|[a-f0-9]{3})$/i,
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/,
  /^v?(\d+)\.(\d+)\.(\d+)(?:-([\da-z-]+(?:\.[\da-z-]+)*))?(?:\+([\da-z-]+(?:\.[\da-z-]+)*))?$/i,
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?$/,
  /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d@$!%*?&]{8,}$/,
  /^(?!.*__)[a-z0-9_]{3,16}$/,
  /^@?(\w){1,15}$/,
  /^[\p{L}\p{M}' .-]+$/u,
  /^\p{Lu}\p{Ll}+(?:[ -]\p{Lu}\p{Ll}+)*$/u,
  /^[A-ZÀ-Ý][a-zà-ÿ]+(?: [A-ZÀ-Ý][a-zà-ÿ]+)*$/,
  /^\s*$/,
  /^\S+(?: \S+)*$/,
  /^"(?:[^"\\]|\\.)*"$/,
  /^'(?:[^']|'')*'$/,
  /^<([a-z]+)(?:\s+[a-z-]+="[^"]*")*\s*\/?>$/i,
  /^\[[^\]]*\](,\[[^\]]*\])*$/,
  /^(?:[^,"]*|"(?:[^"]|"")*")(?:,(?:[^,"]*|"(?:[^"]|"")*"))*$/,
  /^(\w+=[^&]*)(&\w+=[^&]*)*$/,
  /^\d+(?:px|em|rem|%)$/,
  /^\d+x\d+(x\d+)?$/,
  /^[\d.]+ ?(kg|g|mg|lb)$/,
  /^-?\d{1,3}\.\d+,\s*-?\d{1,3}\.\d+$/,
  /^(N|S|E|W|NE|NW|SE|SW)$/,
  /^(yes|no|true|false|[01])$/i,
  /^M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4}$/,
  /^INV-\d{4}-\d+$/i,
  /^[A-Z0-9]+(?:[-_/][A-Z0-9]+)*$/,
  /^(?:SKU|ART)[- ]?\d{3,10}$/i,
  /^[a-z]+\/[a-z0-9.+-]+(?:; ?charset=[\w-]+)?$/i,
  /^[a-z]{2}(-[A-Z]{2})?$/,
  /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/,
  /^([A-Z]\w*)(::[A-Z]\w*)*$/,
  /^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:[\w/:.-]+$/,
  /^s3:\/\/[a-z0-9.-]{3,63}(?:\/[^/\s]+)*\/?$/,
  /^(?:\d{1,2}(?:st|nd|rd|th)) \w+$/,
  /^(\d+)\s*(?:-\s*(\d+))?$/,
  /^\(?\d+\)?$/,
  /^(?:(?:a|b|c)+,)*(?:a|b|c)+$/,
  /^(\w+\.)*\w+$/,
  /^([^;]*;)*[^;]*$/,
  /^.{1,100}$/,
  /^[\s\S]*$/,
  /^(?:.*\n)*.*$/,
  /\bfoo\b/,
  /^[^<>]*$/,
  /^(?<year>\d{4})-(?<month>\d{2})$/,
  /^(['"]).*\1$/,
  /^\u{1F600}$/u,
  /^(?:0x)?[\da-fA-F]+$/,
  /^[01]{8}( [01]{8})*$/,
  /^(\S+\s+){0,9}\S+$/,
]

describe("a pattern", () => {
  test("that is usual is never suspected", () => {
    expect(usual.length).toBeGreaterThanOrEqual(100)
    expect(usual.filter(isEndless)).toEqual([])
  })

  test("of a format of zod is never suspected", () => {
    const formats = Object.values(z.core.regexes).flatMap((each: unknown) => (each instanceof RegExp ? [each] : []))
    expect(formats.length).toBeGreaterThan(30)
    expect(formats.filter(isEndless)).toEqual([])
  })

  // Each takes a second. The long tests try all.
  test.each(endless.slice(0, 2))("with a repetition that two ways lead through is endless: %s", (pattern) => {
    expect(isEndless(pattern)).toBe(true)
  })
})

describe("a schema with an endless pattern", () => {
  const refused = (place: string) =>
    expect.objectContaining({
      code: "PIPELINE_INVALID",
      message: `${place} has the pattern /^(a+)+$/, which takes years for some short texts.`,
    })
  const load = (schema: z.ZodType<object>, text = "id,code\n1,b\n") =>
    createPipeline({ name: "p" })
      .from(bytes(text))
      .validate(schema as never)
      .into(memory())
      .run()

  test("is refused before the first row, wherever the pattern is", async () => {
    const regex = z.string().regex(/^(a+)+$/)
    const column = refused('The column "code" of the schema')
    await expect(load(z.object({ id: z.number(), code: regex }))).rejects.toThrow(column)
    await expect(load(z.object({ code: regex.nullable().default("a") }))).rejects.toThrow(column)
    await expect(load(z.object({ code: z.array(z.object({ deep: regex })) }), '[{"code":[]}]')).rejects.toThrow(column)
    await expect(load(z.union([z.object({ id: z.number() }), z.object({ code: z.string().min(1).and(regex) })]))).rejects.toThrow(column)
    await expect(load(z.object({ code: z.email({ pattern: /^(a+)+$/ }) }))).rejects.toThrow(column)
    const valibot = v.object({ code: v.pipe(v.string(), v.regex(/^(a+)+$/)) })
    await expect(createPipeline({ name: "v" }).from(bytes("code\na\n")).validate(valibot).into(memory()).run()).rejects.toThrow(column)
  })

  test("is not suspected for the formats that zod knows, and runs", async () => {
    const schema = z.object({ code: z.email(), id: z.iso.datetime().or(z.string().regex(/^\d+$/)) })
    const report = await load(schema, "id,code\n1,a@b.de\n")
    expect(report.loaded).toBe(1)
  })
})
