import ledger from "./migrations/20261101120000_ledger.sql"
import corrections from "./migrations/20261123000000_corrections.sql"
import places from "./migrations/20261129000000_places.sql"
import withoutOutboxAndPart from "./migrations/20261130000000_without_outbox_and_part.sql"
import outboxAndParts from "./migrations/20261130120000_outbox_and_parts.sql"
import qualityViews from "./migrations/20261130200000_quality_views.sql"
import columnProfile from "./migrations/20261130210000_column_profile.sql"

/** One migration of the ledger's schema. */
export interface Migration {
  /** The version in goose: the number at the beginning of the file's name. */
  readonly version: string
  readonly name: string
  readonly sql: string
}

/** All migrations, oldest first. Their versions are times, so they do not collide with other migrations in the same version table. */
export const migrations: readonly Migration[] = [
  { version: "20261101120000", name: "ledger", sql: ledger },
  { version: "20261123000000", name: "corrections", sql: corrections },
  { version: "20261129000000", name: "places", sql: places },
  { version: "20261130000000", name: "without_outbox_and_part", sql: withoutOutboxAndPart },
  { version: "20261130120000", name: "outbox_and_parts", sql: outboxAndParts },
  { version: "20261130200000", name: "quality_views", sql: qualityViews },
  { version: "20261130210000", name: "column_profile", sql: columnProfile },
]
