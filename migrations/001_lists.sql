-- The closed lists. server/domain/vocabulary.ts holds the same codes for the compiler.
CREATE SCHEMA atlas;
CREATE SCHEMA api;

CREATE TABLE atlas.incident_type (
  code                 text PRIMARY KEY,
  position             smallint NOT NULL UNIQUE,
  acled_event_type     text,
  acled_sub_event_type text,
  definition           text NOT NULL,
  CHECK ((acled_event_type IS NULL) = (acled_sub_event_type IS NULL))
);
-- ACLED has no sub-event for several weapons at once, and none for an explosion set by hand from
-- within: the nearest one is named, and the definition says what ours adds.
INSERT INTO atlas.incident_type VALUES
  ('drone_strike',    1, 'Explosions/Remote violence', 'Air/drone strike', 'Attack with uncrewed aircraft or vessels that carry explosives'),
  ('missile_strike',  2, 'Explosions/Remote violence', 'Shelling/artillery/missile attack', 'Attack with ballistic, cruise or other guided missiles'),
  ('airstrike',       3, 'Explosions/Remote violence', 'Air/drone strike', 'Attack from crewed aircraft, guided bombs included'),
  ('combined_strike', 4, 'Explosions/Remote violence', 'Air/drone strike', 'Attack in which the sources name more than one of these weapons'),
  ('shelling',        5, 'Explosions/Remote violence', 'Shelling/artillery/missile attack', 'Attack with artillery, mortars or rockets'),
  ('sabotage',        6, 'Explosions/Remote violence', 'Remote explosive/landmine/IED', 'Explosive charge placed at the object'),
  ('other',           7, NULL, NULL, 'A strike of another kind, or of a kind that no source named');

CREATE TABLE atlas.target_type (
  code       text PRIMARY KEY,
  position   smallint NOT NULL UNIQUE,
  definition text NOT NULL
);
INSERT INTO atlas.target_type VALUES
  ('residential',   1, 'Homes and their surroundings'),
  ('education',     2, 'Schools, kindergartens, universities'),
  ('medical',       3, 'Hospitals, clinics, ambulances'),
  ('rail',          4, 'Stations, depots, tracks, trains'),
  ('port',          5, 'Sea and river ports, terminals'),
  ('energy_power',  6, 'Power generation and grids'),
  ('energy_gas',    7, 'Gas transport, storage and distribution'),
  ('oil_refinery',  8, 'Oil refineries'),
  ('oil_depot',     9, 'Oil and fuel depots, pipelines'),
  ('industrial',   10, 'Factories and warehouses'),
  ('military',     11, 'Armed forces, their sites and equipment'),
  ('other',        12, 'Anything else');

CREATE TABLE atlas.measure (
  code       text PRIMARY KEY,
  position   smallint NOT NULL UNIQUE,
  unit       text,
  definition text NOT NULL
);
INSERT INTO atlas.measure VALUES
  ('killed',                    1, 'persons',    'Persons killed'),
  ('injured',                   2, 'persons',    'Persons injured'),
  ('children_killed',           3, 'persons',    'Children among the killed'),
  ('children_injured',          4, 'persons',    'Children among the injured'),
  ('drones_launched',           5, 'drones',     'Drones launched'),
  ('drones_intercepted',        6, 'drones',     'Drones shot down, jammed or lost'),
  ('missiles_launched',         7, 'missiles',   'Missiles launched'),
  ('missiles_intercepted',      8, 'missiles',   'Missiles shot down'),
  ('buildings_damaged',         9, 'buildings',  'Buildings damaged or destroyed'),
  ('households_without_power', 10, 'households', 'Households cut off from electricity'),
  ('customers_without_gas',    11, 'customers',  'Customers cut off from gas'),
  ('power_loss_percent',       12, 'percent',    'Share of a place''s electricity supply that was lost'),
  ('narrative',                13, NULL,         'An account or a statement, in words');

CREATE TABLE atlas.geo_precision (
  code       text PRIMARY KEY,
  position   smallint NOT NULL UNIQUE,
  area_only  boolean NOT NULL,
  definition text NOT NULL
);
INSERT INTO atlas.geo_precision VALUES
  ('site',       1, false, 'The object itself is known'),
  ('settlement', 2, false, 'The settlement is known; the point is the gazetteer''s, not the place of impact'),
  ('district',   3, true,  'Only a district or the surroundings of a place are known'),
  ('region',     4, true,  'Only the first-level region or regions are known'),
  ('country',    5, true,  'Only the country is known');

CREATE TABLE atlas.time_precision (
  code       text PRIMARY KEY,
  position   smallint NOT NULL UNIQUE,
  definition text NOT NULL
);
INSERT INTO atlas.time_precision VALUES
  ('exact',       1, 'The sources give a local time'),
  ('approximate', 2, 'The sources give an approximate local time'),
  ('night',       3, 'In the night that ends on the last day given'),
  ('day',         4, 'The local calendar day is known'),
  ('range',       5, 'Somewhere in, or throughout, the days given'),
  ('week',        6, 'The week is known'),
  ('month',       7, 'The month is known'),
  ('year',        8, 'The year is known');
