import type { Connection } from "../connection/database.ts"
import { identifier, literal } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { Placement } from "../target/layout.ts"
import type { FaultTable } from "./fault-table.ts"
import type { TextStage } from "./text-stage.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/**
 * Finds every text that is not a value of its column's type, and moves the rows without such a text into the typed staging table. Their ordinals are
 * `ordinals`, as SQL over the texts.
 */
export async function castTexts(
  connection: Connection,
  texts: TextStage,
  stage: TypedStage,
  placed: readonly Placement[],
  faults: FaultTable,
  ordinals: string,
): Promise<void> {
  const functions = new Map<string, string>()
  for (const [j, { target }] of placed.entries()) {
    if (target.type === "text") continue
    const fault = functions.get(target.type) ?? (await faultFunction(connection, target.type))
    functions.set(target.type, fault)
    const column = `c${j + 1}`
    await faults.add(
      `SELECT n, code, message, NULL, ${literal(target.name)}
       FROM ${texts.table}, LATERAL ${fault}(${column}) WHERE ${column} IS NOT NULL AND code IS NOT NULL`,
    )
  }
  // Temporary functions are not dropped at the end of the transaction.
  for (const name of functions.values()) await connection.query(`DROP FUNCTION ${name}`)
  const values = placed.map(({ target }, j) => `c${j + 1}::${target.type}`).join(", ")
  await connection.query(
    `INSERT INTO ${stage.table} (${stage.list()}, ${identifier(ordinal)}) OVERRIDING SYSTEM VALUE
     SELECT ${values}, ${ordinals} FROM ${texts.table} t WHERE NOT EXISTS (SELECT FROM ${faults.table} f WHERE f.n = t.n) ORDER BY n`,
  )
}

/**
 * Creates a function that returns why a text is not a value of a type, or nothing. PostgreSQL 16 and later can check most types without an error; for
 * other versions and types, a block catches the error of the cast. Casts shorten texts that are too long, so lengths are checked separately.
 * Each type has its own function: with the type as an argument, `pg_input_is_valid` keeps using the first one (seen in 17).
 */
async function faultFunction(connection: Connection, type: string): Promise<string> {
  const name = temporaryName("cast_fault")
  const { rows } = await connection.query("SELECT current_setting('server_version_num')::int >= 160000 AS soft")
  const shortcut = rows[0]?.["soft"] === true ? `IF pg_input_is_valid(value, ${literal(type)}) THEN RETURN; END IF;` : ""
  const most = /^(?:character varying|character|bit varying|bit)\((\d+)\)$/.exec(type)?.[1]
  const value = type.startsWith("character") ? "rtrim(value)" : "value"
  const tooLong =
    most === undefined
      ? ""
      : `IF char_length(${value}) > ${most} THEN code := '22001'; message := ${literal(`value too long for type ${type}`)}; RETURN; END IF;`
  await connection.query(
    `CREATE FUNCTION ${name}(value text, OUT code text, OUT message text) LANGUAGE plpgsql AS $body$
     DECLARE
       detail text;
     BEGIN
       ${shortcut}
       ${tooLong}
       PERFORM value::${type};
     EXCEPTION WHEN OTHERS THEN
       GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
       message := message || CASE WHEN detail = '' THEN '' ELSE ': ' || detail END;
     END $body$`,
  )
  return name
}
