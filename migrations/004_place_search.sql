-- Names of places and regions can be searched however they are spelled. `keys` holds each name of a
-- row as server/domain/place-name.ts writes it; the loader fills it. Similarity is pg_trgm's.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

ALTER TABLE atlas.place
  ADD COLUMN name_uk text CHECK (name_uk <> ''),
  ADD COLUMN keys    text[] NOT NULL DEFAULT '{}';
ALTER TABLE atlas.region
  ADD COLUMN keys    text[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE VIEW api.place       AS SELECT * FROM atlas.place;
CREATE OR REPLACE VIEW api_then.place  AS SELECT * FROM atlas.place;
CREATE OR REPLACE VIEW api.region      AS SELECT * FROM atlas.region;
CREATE OR REPLACE VIEW api_then.region AS SELECT * FROM atlas.region;
