/**
 * The code of an error that stops a run. `docs/errors.md` explains each code and says what to do.
 *
 * A bad row never stops a run: it becomes a `Reject` with its issues.
 */
export type ErrorCode =
  // what the caller wrote
  | "CONFIG_INVALID"
  | "PIPELINE_INVALID"
  | "SCHEMA_INVALID"
  | "DEPENDENCY_MISSING"
  // where the bytes come from
  | "EVENT_INVALID"
  | "OBJECT_NOT_ALLOWED"
  | "SOURCE_NOT_FOUND"
  | "SOURCE_NOT_A_FILE"
  | "SOURCE_EMPTY"
  | "SOURCE_UNREADABLE"
  | "SOURCE_CHANGED"
  // what the bytes are
  | "FORMAT_UNKNOWN"
  | "FORMAT_UNSUPPORTED"
  | "FORMAT_ENCRYPTED"
  | "FILE_TRUNCATED"
  | "FILE_CORRUPT"
  | "FILE_HOSTILE"
  | "LIMIT_EXCEEDED"
  | "ENCODING_INVALID"
  | "PART_DAMAGED"
  | "PART_VERSION"
  // what the table holds
  | "TABLE_NOT_FOUND"
  | "TABLE_EMPTY"
  | "HEADER_NOT_FOUND"
  | "COLUMN_MISSING"
  | "COLUMN_UNEXPECTED"
  | "PLAN_CONTRADICTED"
  // where the rows go
  | "SINK_UNREACHABLE"
  | "SINK_REFUSED"
  | "SINK_BUSY"
  | "SINK_SCHEMA_MISMATCH"
  | "TARGET_CHANGED"
  | "LEDGER_MISSING"
  | "RUN_NOT_FOUND"
  | "LEASE_LOST"
  | "PARTS_INCOMPLETE"
  | "COMMIT_UNKNOWN"
  // where objects are kept
  | "STORAGE_UNWRITABLE"
  | "ARCHIVE_MISMATCH"
  | "ARCHIVE_LOST"
  // several functions on one delivery
  | "OUT_OF_TIME"
  | "DEPLOYMENT_MIXED"
  | "DELIVERY_ENDED"
  // the run itself
  | "DELIVERY_REFUSED"
  | "LOOKUP_FAILED"
  | "TEMP_FOLDER_UNUSABLE"
  | "ABORTED"
  | "INTERNAL"
