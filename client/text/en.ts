/** Every text of the interface in English. Its shape is what another language must fill. */

const number = new Intl.NumberFormat('en-GB');
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' });
const plural = new Intl.PluralRules('en');

function count(n: number, one: string, other: string): string {
  return `${number.format(n)} ${plural.select(n) === 'one' ? one : other}`;
}

function sumInWords(toll: string, highest: number | null, given: number, all: number): string {
  return highest === null
    ? `none of them gives a number of ${toll}`
    : `up to ${number.format(highest)} ${toll}, as ${number.format(given)} of ${number.format(all)} give a number`;
}

export const en = {
  locale: 'en-GB',
  number: (value: number) => number.format(value),

  app: {
    name: 'Strike Atlas',
    tagline: 'Strikes and claimed regions. Every figure with its source.',
    skipToList: 'Skip to the list of incidents',
    skipToPanel: 'Skip to the panel',
    language: 'Language',
    languageNames: { en: 'English', uk: 'Українська' },
    theme: 'Appearance',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  },

  map: {
    label: 'Map of incidents. The list beside it holds the same incidents.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    north: 'Turn north up',
    fit: 'Show all results on the map',
    fullScreen: 'Fill the screen',
    fullScreenEnd: 'Leave full screen',
    metres: 'm',
    kilometres: 'km',
    failed: 'The map cannot be drawn in this browser (WebGL 2 is not available).',
    failedHint: 'The list holds the same incidents.',
    claimLabel: (claimant: string, since: string, instrument: string) =>
      `claimed by ${claimant} since ${since}\n(not recognised: ${instrument})`,
    areaLabel: {
      district: 'district, no exact place',
      region: 'known only to regions',
      country: 'known only to the country',
    },
    /** After some titles: how many incidents are not named. */
    more: (n: number) => `and ${number.format(n)} more`,
    /** Of an incident that the map marks together with others. */
    among: (n: number) => `One of ${count(n, 'incident', 'incidents')} under this mark`,
    /** The sum of what those give that give something; null where none does. */
    sum: {
      killed: (highest: number | null, given: number, all: number) =>
        sumInWords('killed', highest, given, all),
      injured: (highest: number | null, given: number, all: number) =>
        sumInWords('injured', highest, given, all),
    },
  },

  list: {
    label: 'Results',
    count: (n: number) => count(n, 'incident', 'incidents'),
    onMap: (shown: number, matched: number) =>
      `The first ${number.format(shown)} of ${number.format(matched)} are here; the rest is on its way.`,
    columns: {
      title: 'Incident',
      starts_at: 'Date',
      region: 'Region',
      killed_highest: 'Killed',
      injured_highest: 'Injured',
    },
    figures: (killed: string | null, injured: string | null) =>
      [killed === null ? null : `${killed} killed`, injured === null ? null : `${injured} injured`]
        .filter((part) => part !== null)
        .join(', '),
    noFigures: 'no toll reported',
    areaOnly: 'area only',
    group: (n: number) => `${count(n, 'incident', 'incidents')} at this place`,
    /** Why incidents of one precision share a point. */
    groupHints: {
      site: 'Their points coincide: all are placed at this site.',
      settlement: 'Their points coincide: each is known to the settlement, not to the street.',
      district: 'Each is known only to this area; no point of impact is known.',
      region: 'Each is known only to whole regions; no point of impact is known.',
      country: 'Each is known only to the country; no point of impact is known.',
    },
  },

  filter: {
    label: 'Filter',
    dates: 'Dates',
    from: 'From',
    to: 'To',
    types: 'Type, with its symbol on the map',
    more: 'More filters',
    chosen: (n: number) => `${number.format(n)} in use`,
    words: 'Words in title, place or summary',
    wordsHint: 'Words: Lozova, refinery…',
    names: {
      type: 'Type',
      attacker: 'Attacker',
      target: 'Target',
      country: 'Country',
      region: 'Region',
      killed: 'Killed',
      injured: 'Injured',
      geo_precision: 'Place known to',
      source: 'Source',
    },
    find: (what: string) => `Find in: ${what}`,
    nothingFound: 'None has these letters.',
    least: 'At least',
    most: 'At most',
    tollHint:
      'A figure from lowest to highest meets the range; incidents without a figure never do.',
    active: 'Filtered by',
    clear: 'Clear all',
    remove: (what: string) => `Remove: ${what}`,
    chips: {
      bbox: (value: string) => `within ${value}`,
      datetime: (value: string) => value,
      type: (value: string) => value,
      country: (value: string) => `country: ${value}`,
      region: (value: string) => value,
      attacker: (value: string) => `attacker: ${value}`,
      target: (value: string) => `target: ${value}`,
      geo_precision: (value: string) => `place known to: ${value}`,
      killed: (value: string) => `killed: ${value}`,
      injured: (value: string) => `injured: ${value}`,
      source: (value: string) => `source: ${value}`,
      q: (value: string) => `words: ${value}`,
    },
    unassigned: 'Several regions, or none',
    or: ' or ',
    interval: {
      one: (day: string) => day,
      between: (first: string, last: string) => `${first} to ${last}`,
      from: (day: string) => `from ${day}`,
      until: (day: string) => `until ${day}`,
    },
  },

  search: {
    label: 'Go to a place or region',
    hint: 'Go to: Lozova, Харків…',
    results: (n: number) => `${count(n, 'place or region', 'places and regions')} found`,
    none: 'No place or region has a name like this.',
    population: (n: number) => `${number.format(n)} inhabitants`,
    clear: 'Clear the search',
  },

  embed: {
    whole: 'Open in Strike Atlas',
    claims: 'Claims and sources',
    list: 'List',
    gestures: {
      keyed: 'Hold Ctrl and scroll to zoom',
      mac: 'Hold ⌘ and scroll to zoom',
      touch: 'Use two fingers to move the map',
    },
  },

  paper: {
    everything: 'All incidents on record',
    facts: (n: number, on: Date) => `${count(n, 'incident', 'incidents')}, as of ${day.format(on)}`,
    part: (shown: number, matched: number) =>
      `The first ${number.format(shown)} of ${number.format(matched)}.`,
    address: 'This view:',
    fileName: 'strike-atlas-map',
  },

  share: {
    link: 'Copy link',
    request: 'Copy API request',
    download: 'Download',
    embed: 'Copy embed code',
    picture: 'Picture of the map (PNG)',
    print: 'Print, or save as PDF',
    pictureFailed: 'The picture could not be made.',
    copied: 'Copied',
    copy: 'Copy',
    byHand: (what: string) => `${what}: copy this text`,
    hint: (n: number) => `Exactly what is shown: ${count(n, 'incident', 'incidents')}.`,
    formats: {
      geojson: 'GeoJSON',
      csv: 'CSV, for spreadsheets',
      parquet: 'GeoParquet, for analysis',
      fgb: 'FlatGeobuf, for QGIS',
      geojsonseq: 'GeoJSON text sequence',
      kml: 'KML, for Google Earth',
      atom: 'Atom feed of what is new',
      aggregate: 'CSV of counts by month and type',
    },
  },

  timeline: {
    label: 'Timeline: incidents over time. Drag to choose dates.',
    unit: 'Incidents by',
    units: { day: 'Day', week: 'Week', month: 'Month' },
    first: 'First day',
    last: 'Last day',
    keys: 'Arrow keys move by a day, Page Up and Page Down by a week.',
    all: 'All dates',
    /** Of what is drawn below the bars, by what a bar stands for. */
    bands: {
      day: (n: number) =>
        `${count(n, 'incident', 'incidents')} known only to several days: the lines below the bars`,
      week: (n: number) =>
        `${count(n, 'incident', 'incidents')} known only to more than a week: the lines below the bars`,
      month: (n: number) =>
        `${count(n, 'incident', 'incidents')} known only to more than a month: the lines below the bars`,
    },
    someTime: 'some time in',
    moreBands: (n: number) => `and ${number.format(n)} more such spans`,
    player: 'Play through time',
    play: 'Play',
    pause: 'Pause',
    on: 'One step on',
    back: 'One step back',
    mode: 'What moves',
    modes: { window: 'Window', cumulative: 'Cumulative' },
    speed: 'Speed',
    times: (n: number) => `${n}×`,
    presets: 'Ready-made dates',
    own: 'Own dates',
    recentLabel: 'Up to the last day on record',
    recent: (n: number) => `Last ${count(n, 'day', 'days')}`,
    calendarLabel: 'Calendar',
  },

  legend: {
    label: 'Legend',
    types: 'Incidents by type',
    cluster: 'Several incidents; the ring shows the types',
    area: 'Known only to an area, which is dotted; no point of impact',
    uncertainty: 'The place lies somewhere within this circle',
    claim: 'Region claimed by Russia, not recognised',
    claimNote: 'A territorial claim is not control. Control is not drawn here.',
    labels: 'Names of towns, countries and seas',
    regions: 'Regions of Ukraine',
    heat: 'Where incidents are dense; what is known only as an area is left out',
    more: 'More layers, size of symbols',
    size: 'Size of symbols',
    sizes: { incidents: 'Incidents', killed: 'Killed', injured: 'Injured' },
    sizeSteps: 'In steps, not in proportion.',
    sizeNote:
      'The sum of the highest numbers that claims give; the symbol of a single incident grows likewise. An incident with no number adds nothing; – where none gives one.',
    show: (what: string) => `Show on the map: ${what}`,
    switches: {
      claims: 'Claimed regions',
      regions: 'Regions',
      heat: 'Density',
      uncertainty: 'Uncertainty',
      labels: 'Place names',
    },
  },

  types: {
    drone_strike: 'Drone strike',
    missile_strike: 'Missile strike',
    airstrike: 'Airstrike',
    combined_strike: 'Combined strike',
    shelling: 'Shelling',
    sabotage: 'Sabotage',
    other: 'Other',
  },

  targets: {
    residential: 'homes',
    education: 'education',
    medical: 'medical',
    rail: 'rail',
    port: 'port',
    energy_power: 'electricity',
    energy_gas: 'gas supply',
    oil_refinery: 'oil refinery',
    oil_depot: 'oil depot',
    industrial: 'industry',
    military: 'military',
    other: 'other',
  },

  attackers: { RU: 'Russia', UA: 'Ukraine', unknown: 'unknown' },

  precisions: {
    site: 'a site',
    settlement: 'a settlement',
    district: 'a district',
    region: 'regions',
    country: 'a country',
  },

  measures: {
    killed: 'Killed',
    injured: 'Injured',
    children_killed: 'Children killed',
    children_injured: 'Children injured',
    drones_launched: 'Drones launched',
    drones_intercepted: 'Drones intercepted',
    missiles_launched: 'Missiles launched',
    missiles_intercepted: 'Missiles intercepted',
    buildings_damaged: 'Buildings damaged',
    households_without_power: 'Households without power',
    customers_without_gas: 'Customers without gas',
    power_loss_percent: 'Loss of power',
    narrative: 'Account',
  },

  /** A value with what it counts, as it stands in a sentence. */
  counted: {
    killed: (value: string) => `${value} killed`,
    injured: (value: string) => `${value} injured`,
    children_killed: (value: string) => `${value} children killed`,
    children_injured: (value: string) => `${value} children injured`,
    drones_launched: (value: string) => `${value} drones launched`,
    drones_intercepted: (value: string) => `${value} drones intercepted`,
    missiles_launched: (value: string) => `${value} missiles launched`,
    missiles_intercepted: (value: string) => `${value} missiles intercepted`,
    buildings_damaged: (value: string) => `${value} buildings damaged`,
    households_without_power: (value: string) => `${value} households without power`,
    customers_without_gas: (value: string) => `${value} customers without gas`,
    power_loss_percent: (value: string) => `${value} of power lost`,
    narrative: (value: string) => value,
  },

  values: {
    at_least: (value: string) => `at least ${value}`,
    at_most: (value: string) => `at most ${value}`,
    about: (value: string) => `about ${value}`,
    range: (low: string, high: string) => `${low}–${high}`,
    orMore: (value: string) => `${value} or more`,
    percent: (value: string) => `${value}%`,
    none: 'no value',
  },

  time: {
    night: (when: string) => `night, ${when}`,
    about: (when: string) => `about ${when}`,
    between: (when: string) => `some time in ${when}`,
    wholeUnit: (when: string) => `${when}, day not known`,
    local: (text: string) => `${text} local time`,
    undated: 'date of report not known',
  },

  place: {
    site: (place: string, distance: string) => `At ${place}, within about ${distance}`,
    settlement: (place: string, distance: string) =>
      `Somewhere in ${place}, within about ${distance}`,
    district: (place: string, distance: string) =>
      `Known only to an area: ${place}, within about ${distance}. Drawn as an area, not as a point.`,
    region: (place: string) =>
      `Known only to whole regions: ${place}. Drawn as an area, not as a point.`,
    country: (place: string) =>
      `Known only to the country: ${place}. Drawn as an area, not as a point.`,
    point: (source: string) => `Point shown: ${source}`,
    around: (source: string) => `Area drawn around: ${source}`,
  },

  incident: {
    label: 'Incident',
    close: 'Close',
    backToGroup: 'Back',
    when: 'When',
    where: 'Where',
    struck: 'Struck',
    attacker: 'Attacker',
    attackerNote: 'as the sources attribute it',
    figures: 'Figures',
    figuresHint: 'Lowest to highest of all claims about this incident. Nothing is averaged.',
    noFigures: 'No figure has been reported for this incident.',
    latest: 'Latest',
    values: 'As reported',
    times: (n: number) => count(n, 'claim', 'claims'),
    claims: 'Claims in order of report',
    claimsHint: (claims: number, sources: number) =>
      `${count(claims, 'claim', 'claims')} from ${count(sources, 'source', 'sources')}`,
    undated: 'Date of report not known',
    kinds: { original: '', syndicated: 'copy of an agency text', aggregator: 'aggregator' },
    statuses: { preliminary: 'preliminary', final: 'final' },
    scopes: {
      incident: () => '',
      country: (name: string | null) => `for the whole country${name === null ? '' : ` (${name})`}`,
      region: (name: string | null) => `for the region${name === null ? '' : ` ${name}`}`,
      district: (name: string | null) => `only for the district${name === null ? '' : ` ${name}`}`,
      city: (name: string | null) => `only for ${name ?? 'the city'}`,
      group: (name: string | null) => `only for ${name ?? 'one group'}`,
    },
    stances: {
      attributed_to: (party: string) => `Attributed to ${party}`,
      claimed_by: (party: string) => `${party} claims responsibility`,
      denied_by: (party: string) => `${party} denies responsibility`,
    },
    causes: { direct_hit: 'direct hit', debris: 'debris' },
    cause: (cause: string) => `Cause: ${cause}`,
    relations: {
      revises: (what: string) => `revises ${what}`,
      contradicts: (what: string) => `contradicts ${what}`,
    },
    revised: 'revised later',
    notes: 'Editors’ notes',
    notesHint: 'Ours, not a statement of any party.',
    locations: 'Further places',
    related: 'Related incidents',
    incidentRelations: {
      part_of_wave: 'part of the same wave',
      repeat_strike: 'repeat strike at the same object',
      not_same_as: 'not the same as',
    },
    identifiers: 'In other records',
    sources: 'Sources',
    sourcesHint: 'Publisher, date, language, and whether the text is its own.',
    elsewhere: 'only about something else, see the claims',
    claimsOf: (n: number) => `${count(n, 'claim', 'claims')}, as a table`,
    reported: 'Reported',
    value: 'Value',
    saidBy: 'Said by',
    conflict: 'in conflict',
    chart: (measure: string, n: number, first: string, last: string) =>
      `${measure}: how ${count(n, 'claim was', 'claims were')} reported from ${first} to ${last}. The table below says the same.`,
    positions: 'What the sides say',
    positionsHint: 'Statements on who did it, each by who made it.',
    nearby: 'Nearby incidents',
    nearbyHint: 'By the distance between points that may stand for whole settlements.',
    samePlace: 'same point',
    cite: 'Cite and embed',
    citeHint: (when: string) => `The record of ${when}; the link keeps that state.`,
    citeForm: 'Form',
    citeForms: { plain: 'Text', bibtex: 'BibTeX', csl: 'CSL-JSON', embed: 'Embed' },
    showOnMap: 'Show on the map',
    asData: 'As GeoJSON',
  },

  region: {
    label: 'Region',
    of: (country: string) => `Region of ${country}`,
    codes: 'Codes',
    iso: 'ISO 3166-2',
    pcode: 'OCHA P-code',
    claim: (claimant: string, since: string) => `Claimed by ${claimant} since ${since}`,
    claimUndated: (claimant: string) => `Claimed by ${claimant}`,
    notRecognised: (instrument: string) => `Not recognised: ${instrument}`,
    act: 'By which act',
    answers: 'International answers',
    votes: {
      in_favour: 'in favour',
      against: 'against',
      abstained: 'abstained',
      did_not_vote: 'did not vote',
    },
    control: 'Reports on control',
    controlHint: 'Dated statements by named people, not measurements. They differ.',
    share: (controller: string, share: string) => `${share} under the control of ${controller}`,
    shareQualifiers: {
      approximate: 'about',
      about: 'about',
      at_least: 'at least',
      more_than: 'more than',
      at_most: 'at most',
      almost: 'almost',
    },
    note: 'Editors’ note',
    filter: 'Show incidents in this region',
    claimIsNotControl: 'A territorial claim is not control.',
    boundaries: 'Boundary: Natural Earth 1:10m',
    overTime: 'Incidents over time',
    overTimeHint: {
      week: (n: number) => `${count(n, 'incident', 'incidents')} in the region, by week`,
      month: (n: number) => `${count(n, 'incident', 'incidents')} in the region, by month`,
    },
  },

  countries: { RU: 'Russia', UA: 'Ukraine', BY: 'Belarus', MD: 'Moldova' },

  states: {
    loading: 'Loading incidents…',
    loadingIncident: 'Loading the incident…',
    empty: 'No incident matches this filter.',
    emptyHint: 'Loosen one of these:',
    without: (what: string) => `Without “${what}”`,
    emptyAnyway: 'No single part is to blame: loosen several, or clear all.',
    unreachable: 'The server does not answer.',
    busy: 'The server is busy or starting.',
    offline: 'This device is offline.',
    mapBehind: 'The map could not be brought up to date with the list.',
    retrying: 'Trying again by itself.',
    stale: (when: string) => `Shown: the state of ${when}.`,
    retry: 'Try now',
    noIncident: 'No such incident',
    noRegion: 'No such region',
    notFound: 'There is no incident at this address.',
    regionNotFound: 'There is no region at this address.',
    refused: (detail: string) => `The server refused the request: ${detail}`,
    unreadable: 'The server’s answer could not be read. Reload the page: it may have been updated.',
    fault: (parameter: string, value: string) => `Not applied: ${parameter}=${value}`,
    faultHint: 'The address carries a filter that cannot be used.',
    dismiss: 'Dismiss',
  },

  sheet: {
    label: 'Panel',
    larger: 'Enlarge panel',
    smaller: 'Shrink panel',
    tabs: { list: 'Incidents', filter: 'Filter', time: 'Time', legend: 'Legend' },
  },

  attribution: {
    short: 'Sources: Natural Earth, GeoNames, cited publications',
    basemap:
      'Land, borders and regions: Natural Earth, public domain; Crimea in Ukraine as in A/RES/68/262',
    towns: 'Towns: GeoNames, CC BY 4.0',
    incidents: 'Incidents: own compilation from the cited sources, each linked at its claim',
    claims: 'Territorial claims and answers: UN General Assembly resolutions and the cited sources',
    software: 'Drawn with MapLibre GL JS (BSD-3-Clause)',
  },
};

/** The texts of one language. */
export type Texts = typeof en;
