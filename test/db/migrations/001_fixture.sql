-- The least that has both sides: a table that only its owner sees, and a view that readers see.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pgcrypto;

CREATE SCHEMA atlas;
CREATE SCHEMA api;

CREATE TYPE api.mood AS ENUM ('calm', 'alarm');
CREATE TABLE atlas.item (
  id     integer PRIMARY KEY,
  label  text NOT NULL UNIQUE,
  amount integer CONSTRAINT item_amount_positive CHECK (amount > 0),
  parent integer CONSTRAINT item_has_parent REFERENCES atlas.item DEFERRABLE INITIALLY DEFERRED
);
CREATE VIEW api.item AS SELECT id, label, amount FROM atlas.item;

DO $$
BEGIN
  CREATE ROLE strike_atlas_reader NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA api TO strike_atlas_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA api TO strike_atlas_reader;
