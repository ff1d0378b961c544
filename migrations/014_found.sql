-- What a page of incidents is filtered by first is a condition of the index that has its order, so that
-- PostgreSQL reads the rows that are asked for and no others.
DROP INDEX atlas.incident_read_start, atlas.incident_read_type, atlas.incident_read_region;
CREATE INDEX incident_read_start
  ON atlas.incident_read (starts_at DESC, incident DESC, ends_at, longitude, latitude)
  INCLUDE (morton, type, attacker, country, region, shape, reach_m, killed_highest, injured_highest)
  WHERE properties IS NOT NULL;
CREATE INDEX incident_read_type ON atlas.incident_read (type, starts_at DESC, incident DESC, ends_at)
  WHERE properties IS NOT NULL;
CREATE INDEX incident_read_region ON atlas.incident_read (region, starts_at DESC, incident DESC, ends_at)
  WHERE properties IS NOT NULL;

-- Those with many dead or injured are few.
CREATE INDEX incident_read_killed ON atlas.incident_read (killed_highest)
  WHERE properties IS NOT NULL AND killed_highest > 0;
CREATE INDEX incident_read_injured ON atlas.incident_read (injured_highest)
  WHERE properties IS NOT NULL AND injured_highest > 0;

-- Tiles of zoom 9 folded up to 16,000 sums of level 17: a level of their own.
DO $levels$
DECLARE
  before constant text := pg_get_functiondef('atlas.count_read()'::regprocedure);
  after  constant text := replace(before, '{17, 12, 10, 0}', '{17, 14, 12, 10, 0}');
BEGIN
  ASSERT after <> before;
  EXECUTE after;
END $levels$;
INSERT INTO atlas.incident_cell
       (level, shape, cell, type, incidents, reach_m, x_sum, y_sum, west, south, east, north,
        killed_highest, killed_given, injured_highest, injured_given)
SELECT 14, shape, cell >> 6, type, sum(incidents), max(reach_m), sum(x_sum), sum(y_sum),
       min(west), min(south), max(east), max(north),
       sum(killed_highest), sum(killed_given), sum(injured_highest), sum(injured_given)
  FROM atlas.incident_cell
 WHERE level = 17 AND incidents > 0
 GROUP BY shape, cell >> 6, type
 ORDER BY shape, cell >> 6;
CREATE INDEX incident_cell_extent_14 ON atlas.incident_cell USING gist (extent) WHERE shape = '-' AND level = 14;
COMMENT ON TABLE atlas.incident_cell IS 'Sums by shape and cell at levels 10, 12, 14 and 17; at level 0 of what shares a region''s or a country''s area';
