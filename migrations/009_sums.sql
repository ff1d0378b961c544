-- Sums as they are asked for. Tiles ask for what is near them: sums of cells at one more level for the wide
-- ones, sums of what shares a region's area in one row, and how far the areas of a cell may reach, with an index.

ALTER TABLE atlas.incident_cell ADD COLUMN extent box GENERATED ALWAYS AS (
  CASE shape WHEN '-' THEN box(
    point(west - 1.05 * reach_m / 111195 / greatest(cos(radians(greatest(abs(south), abs(north)))), 0.01),
          south - 1.05 * reach_m / 111195),
    point(east + 1.05 * reach_m / 111195 / greatest(cos(radians(greatest(abs(south), abs(north)))), 0.01),
          north + 1.05 * reach_m / 111195)) END) STORED;
COMMENT ON COLUMN atlas.incident_cell.extent IS 'Degrees within which all areas of the cell lie, of those that have their own';
COMMENT ON TABLE atlas.incident_cell IS 'Sums by shape and cell at levels 10, 12 and 17; at level 0 of what shares a region''s or a country''s area';
CREATE INDEX incident_cell_extent_10 ON atlas.incident_cell USING gist (extent) WHERE shape = '-' AND level = 10;
CREATE INDEX incident_cell_extent_12 ON atlas.incident_cell USING gist (extent) WHERE shape = '-' AND level = 12;
CREATE INDEX incident_cell_extent_17 ON atlas.incident_cell USING gist (extent) WHERE shape = '-' AND level = 17;

CREATE OR REPLACE FUNCTION atlas.count_read() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  sign   constant integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
  levels constant smallint[] := '{17, 12, 10, 0}';
BEGIN
  IF NOT EXISTS (SELECT FROM changed) THEN
    RETURN NULL;
  END IF;
  INSERT INTO atlas.incident_count AS c
         (by, starts_at, ends_at, time_precision, type, attacker, country, region, incidents,
          killed_lowest, killed_highest, killed_given, killed_latest, killed_dated,
          injured_lowest, injured_highest, injured_given, injured_latest, injured_dated)
  SELECT CASE grouping(type) WHEN 0 THEN 'kind' ELSE 'place' END,
         starts_at, ends_at, time_precision, type, attacker, country, region, sign * count(*),
         sign * coalesce(sum((toll).killed_lowest), 0), sign * coalesce(sum((toll).killed_highest), 0),
         sign * count((toll).killed_highest),
         sign * coalesce(sum((toll).killed_latest), 0), sign * count((toll).killed_latest),
         sign * coalesce(sum((toll).injured_lowest), 0), sign * coalesce(sum((toll).injured_highest), 0),
         sign * count((toll).injured_highest),
         sign * coalesce(sum((toll).injured_latest), 0), sign * count((toll).injured_latest)
    FROM changed
   WHERE properties IS NOT NULL
   GROUP BY starts_at, ends_at, time_precision, GROUPING SETS ((type, attacker), (country, region))
  ON CONFLICT ON CONSTRAINT incident_count_key DO UPDATE
     SET incidents       = c.incidents       + excluded.incidents,
         killed_lowest   = c.killed_lowest   + excluded.killed_lowest,
         killed_highest  = c.killed_highest  + excluded.killed_highest,
         killed_given    = c.killed_given    + excluded.killed_given,
         killed_latest   = c.killed_latest   + excluded.killed_latest,
         killed_dated    = c.killed_dated    + excluded.killed_dated,
         injured_lowest  = c.injured_lowest  + excluded.injured_lowest,
         injured_highest = c.injured_highest + excluded.injured_highest,
         injured_given   = c.injured_given   + excluded.injured_given,
         injured_latest  = c.injured_latest  + excluded.injured_latest,
         injured_dated   = c.injured_dated   + excluded.injured_dated;

  INSERT INTO atlas.incident_cell AS c
         (level, shape, cell, type, incidents, reach_m, x_sum, y_sum, west, south, east, north,
          killed_highest, killed_given, injured_highest, injured_given)
  SELECT level, shape, morton >> (2 * (31 - level)), type, sign * count(*), max(reach_m),
         sign * sum((longitude + 180) / 360), sign * sum(atlas.mercator_y(latitude)),
         min(longitude), min(latitude), max(longitude), max(latitude),
         sign * coalesce(sum((toll).killed_highest), 0), sign * count((toll).killed_highest),
         sign * coalesce(sum((toll).injured_highest), 0), sign * count((toll).injured_highest)
    FROM changed CROSS JOIN unnest(levels) AS level
   WHERE properties IS NOT NULL AND (level > 0 OR shape > '-')
   GROUP BY 1, 2, 3, 4
  ON CONFLICT (level, shape, cell, type) DO UPDATE
     SET incidents       = c.incidents       + excluded.incidents,
         reach_m         = CASE c.incidents WHEN 0 THEN excluded.reach_m ELSE greatest(c.reach_m, excluded.reach_m) END,
         x_sum           = c.x_sum           + excluded.x_sum,
         y_sum           = c.y_sum           + excluded.y_sum,
         west            = CASE c.incidents WHEN 0 THEN excluded.west ELSE least(c.west, excluded.west) END,
         south           = CASE c.incidents WHEN 0 THEN excluded.south ELSE least(c.south, excluded.south) END,
         east            = CASE c.incidents WHEN 0 THEN excluded.east ELSE greatest(c.east, excluded.east) END,
         north           = CASE c.incidents WHEN 0 THEN excluded.north ELSE greatest(c.north, excluded.north) END,
         killed_highest  = c.killed_highest  + excluded.killed_highest,
         killed_given    = c.killed_given    + excluded.killed_given,
         injured_highest = c.injured_highest + excluded.injured_highest,
         injured_given   = c.injured_given   + excluded.injured_given;

  IF TG_OP = 'INSERT' THEN
    RETURN NULL;
  END IF;
  -- A cell that lost what lay at its edge is measured anew: the finest by its incidents, each of the
  -- others by those that it is made of.
  FOR step IN 1 .. cardinality(levels) LOOP
    UPDATE atlas.incident_cell c
       SET west = anew.west, south = anew.south, east = anew.east, north = anew.north, reach_m = anew.reach_m
      FROM (SELECT DISTINCT c.level, c.shape, c.cell, c.type, 2 * (31 - c.level) AS shift
              FROM changed g
              JOIN atlas.incident_cell c
                ON c.level = levels[step] AND c.shape = g.shape AND c.type = g.type
               AND c.cell = g.morton >> (2 * (31 - levels[step]))
             WHERE g.properties IS NOT NULL
               AND (g.longitude IN (c.west, c.east) OR g.latitude IN (c.south, c.north)
                    OR g.reach_m = c.reach_m)) AS edge
     CROSS JOIN LATERAL (
       SELECT min(west) AS west, min(south) AS south, max(east) AS east, max(north) AS north,
              max(reach_m) AS reach_m
         FROM (SELECT r.longitude AS west, r.latitude AS south, r.longitude AS east, r.latitude AS north,
                      r.reach_m
                 FROM atlas.incident i
                 JOIN atlas.incident_read r ON r.incident = i.id
                WHERE step = 1
                  AND i.morton >= edge.cell << edge.shift AND i.morton < (edge.cell + 1) << edge.shift
                  AND r.shape = edge.shape AND r.type = edge.type AND r.properties IS NOT NULL
               UNION ALL
               SELECT f.west, f.south, f.east, f.north, f.reach_m
                 FROM atlas.incident_cell f
                WHERE step > 1
                  AND f.level = levels[step - 1] AND f.shape = edge.shape AND f.type = edge.type
                  AND f.cell >= edge.cell << (2 * (levels[step - 1] - levels[step]))
                  AND f.cell < (edge.cell + 1) << (2 * (levels[step - 1] - levels[step]))
                  AND f.incidents > 0) AS parts) AS anew
     WHERE (c.level, c.shape, c.cell, c.type) = (edge.level, edge.shape, edge.cell, edge.type)
       AND anew.west IS NOT NULL;
  END LOOP;
  RETURN NULL;
END $$;

INSERT INTO atlas.incident_cell
       (level, shape, cell, type, incidents, reach_m, x_sum, y_sum, west, south, east, north,
        killed_highest, killed_given, injured_highest, injured_given)
SELECT wide.level, shape, cell >> (2 * (12 - wide.level)), type, sum(incidents), max(reach_m), sum(x_sum), sum(y_sum),
       min(west), min(south), max(east), max(north),
       sum(killed_highest), sum(killed_given), sum(injured_highest), sum(injured_given)
  FROM atlas.incident_cell
 CROSS JOIN unnest('{10, 0}'::smallint[]) AS wide(level)
 WHERE incident_cell.level = 12 AND incidents > 0 AND (wide.level > 0 OR shape > '-')
 GROUP BY 1, 2, 3, 4;

CREATE OR REPLACE VIEW api.incident_cell      AS SELECT * FROM atlas.incident_cell WHERE incidents > 0;
CREATE OR REPLACE VIEW api_then.incident_cell AS SELECT * FROM atlas.incident_cell WHERE false;

-- Sums are read whole where everything is asked for: each kind of them lies by itself, with its days.
DROP VIEW api.incident_count, api_then.incident_count;
ALTER TABLE atlas.incident_count RENAME TO incident_count_before;
ALTER TABLE atlas.incident_count_before RENAME CONSTRAINT incident_count_key TO incident_count_key_before;
ALTER INDEX atlas.incident_count_start RENAME TO incident_count_start_before;
CREATE TABLE atlas.incident_count (
  by             text COLLATE "C" NOT NULL,
  starts_at      timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL,
  time_precision text COLLATE "C" NOT NULL,
  type           text COLLATE "C",
  attacker       text COLLATE "C",
  country        text COLLATE "C",
  region         text COLLATE "C",
  incidents      bigint NOT NULL,
  killed_lowest  double precision NOT NULL,
  killed_highest double precision NOT NULL,
  killed_given   bigint NOT NULL,
  killed_latest  double precision NOT NULL,
  killed_dated   bigint NOT NULL,
  injured_lowest  double precision NOT NULL,
  injured_highest double precision NOT NULL,
  injured_given   bigint NOT NULL,
  injured_latest  double precision NOT NULL,
  injured_dated   bigint NOT NULL,
  first_day      date NOT NULL GENERATED ALWAYS AS ((starts_at AT TIME ZONE 'UTC')::date) STORED,
  last_day       date NOT NULL
                 GENERATED ALWAYS AS (((ends_at AT TIME ZONE 'UTC') - interval '1 microsecond')::date) STORED,
  CONSTRAINT incident_count_key UNIQUE NULLS NOT DISTINCT
    (by, type, starts_at, ends_at, attacker, country, region, time_precision)
) PARTITION BY LIST (by);
COMMENT ON TABLE atlas.incident_count IS 'Sums of incidents, of figures only of those that are given';
COMMENT ON COLUMN atlas.incident_count.last_day IS 'The last day that the time means, UTC';
CREATE TABLE atlas.incident_count_kind PARTITION OF atlas.incident_count FOR VALUES IN ('kind') WITH (fillfactor = 70);
CREATE TABLE atlas.incident_count_place PARTITION OF atlas.incident_count FOR VALUES IN ('place') WITH (fillfactor = 70);
CREATE INDEX incident_count_start ON atlas.incident_count (starts_at);
INSERT INTO atlas.incident_count
       (by, starts_at, ends_at, time_precision, type, attacker, country, region, incidents,
        killed_lowest, killed_highest, killed_given, killed_latest, killed_dated,
        injured_lowest, injured_highest, injured_given, injured_latest, injured_dated)
SELECT by, starts_at, ends_at, time_precision, type, attacker, country, region, incidents,
       killed_lowest, killed_highest, killed_given, killed_latest, killed_dated,
       injured_lowest, injured_highest, injured_given, injured_latest, injured_dated
  FROM atlas.incident_count_before
 WHERE incidents > 0
 ORDER BY by, starts_at;
DROP TABLE atlas.incident_count_before;
CREATE VIEW api.incident_count      AS SELECT * FROM atlas.incident_count WHERE incidents > 0;
CREATE VIEW api_then.incident_count AS SELECT * FROM atlas.incident_count WHERE false;
GRANT SELECT ON api.incident_count, api_then.incident_count TO strike_atlas_reader;
