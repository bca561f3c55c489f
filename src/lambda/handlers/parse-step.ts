import { RowgateError } from "../../errors/rowgate-error.ts"
import { readEvent } from "../events/read-event.ts"
import type { HandlerCall } from "./handler-call.ts"
import { isGone, newestFile, type ObjectFile, pinnedFile } from "./object-file.ts"
import { parseAgain, parseObject } from "./parse-object.ts"
import { fieldsOf, pointerOf, reloadOf, unfinishedOf } from "./read-pointer.ts"
import type { Settings } from "./settings.ts"
import type { ParserOutput } from "./steps.ts"

/** What the parser does with its input: an event, or what it or the scorer has returned before. */
export async function parseStep(settings: Settings, event: unknown, call: HandlerCall): Promise<ParserOutput> {
  const { workshop, connection } = settings
  const given = fieldsOf(event)
  const reading = workshop.reading(call)
  if (given["status"] === "replan") {
    const { manifest: uri } = pointerOf(event)
    const { object } = (await workshop.open(uri, call)).manifest
    const file = await pinnedFile(object, connection, reading)
    if (file === undefined) return gone(object, call)
    return parseAgain(workshop, file, uri, call).catch(unlessGone({ file, object }, call))
  }
  if (given["status"] === "unfinished") {
    const [named] = readEvent(given["object"], settings.allowed).objects
    if (named === undefined) return nothingToDo("The unfinished parse names no object.", call)
    const { bucket, key, versionId, etag } = named
    const unfinished = unfinishedOf(event, { bucket, key, versionId, etag })
    const { object } = unfinished
    call.describe({ uri: named.uri })
    const file = await pinnedFile(object, connection, reading)
    if (file === undefined) return gone(object, call)
    return parseObject(workshop, file, object, call, unfinished).catch(unlessGone({ file, object }, call))
  }
  const { objects, ignored } = readEvent(event, settings.allowed)
  const [object, other] = objects
  if (other !== undefined) throw severalObjects(objects.length)
  if (object === undefined) return nothingToDo(ignored.map(({ message }) => message).join(" "), call)
  call.describe({ uri: object.uri })
  const corrected = settings.corrects(object)
  if (corrected !== undefined) return { status: "correction", object, deliveryId: corrected }
  const found = await newestFile(object, connection, reading)
  if (found === undefined) return gone(object, call)
  return parseObject(workshop, found.file, found.object, call, { reload: reloadOf(event) }).catch(unlessGone(found, call))
}

/** An object that is removed or replaced while it is read is as good as one that was gone before. */
function unlessGone({ file, object }: ObjectFile, call: HandlerCall): (error: unknown) => ParserOutput {
  return (error) => {
    if (isGone(error, file)) return gone(object, call)
    throw error
  }
}

function gone({ bucket, key }: { readonly bucket: string; readonly key: string }, call: HandlerCall): ParserOutput {
  return nothingToDo(`The object s3://${bucket}/${key} is not there any more, or was replaced.`, call)
}

function nothingToDo(reason: string, { logger }: HandlerCall): ParserOutput {
  logger.info({ reason }, "the event is ignored")
  return { status: "ignored", reason }
}

function severalObjects(count: number): RowgateError {
  return new RowgateError({
    code: "EVENT_INVALID",
    message: `The event names ${count} objects, but each execution of the state machine delivers one.`,
    remedy: "Start one execution for each object, or send the event to the pipeline handler.",
  })
}
