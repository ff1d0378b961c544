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
