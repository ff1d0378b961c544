/**
 * What turns a session into a reader: the role that sees the public views only, no writing, and
 * queries that name no schema read the record as it stands (`queries/point-in-time.ts` changes
 * that for a transaction).
 */
export const becomeReader = `
  SET ROLE strike_atlas_reader;
  SET default_transaction_read_only = on;
  SET search_path = api, public`;

/** What turns it back into the owner of the tables. */
export const becomeOwner = `
  RESET ROLE;
  SET default_transaction_read_only = off;
  SET search_path = "$user", public`;
