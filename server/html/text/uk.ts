/** Що кажуть сторінки сервера українською. */

import type { ProblemCode } from '../../errors.ts';
import type { PageTexts } from './en.ts';

const number = new Intl.NumberFormat('uk-UA');
const plural = new Intl.PluralRules('uk');

function count(n: number, one: string, few: string, many: string): string {
  const form = plural.select(n);
  return `${number.format(n)} ${form === 'one' ? one : form === 'few' ? few : many}`;
}

const problemTitles: Readonly<Record<ProblemCode, string>> = {
  'invalid-parameter': 'Параметр неможливо врахувати',
  'malformed-request': 'Запит побудовано неправильно',
  'not-found': 'За цією адресою нічого немає',
  'method-not-allowed': 'Цю адресу можна лише читати',
  'not-acceptable': 'Жодного з прийнятних типів даних немає',
  'address-too-long': 'Адреса задовга',
  'headers-too-large': 'Заголовки запиту завеликі',
  'internal-error': 'Збій на сервері',
  unavailable: 'База даних зараз не може відповісти',
};

export const uk: PageTexts = {
  skip: 'Перейти до змісту',
  path: 'Шлях',
  home: 'API',
  map: 'Карта',
  otherFormats: 'Те саме як',
  formats: {
    json: 'JSON',
    geojson: 'GeoJSON',
    geojsonseq: 'послідовність GeoJSON',
    csv: 'CSV',
    fgb: 'FlatGeobuf',
    parquet: 'GeoParquet',
    kml: 'KML',
    atom: 'стрічка Atom',
    tilejson: 'TileJSON',
  },
  sourcesOfMap: 'Карти: суходіл і кордони: Natural Earth. Міста: GeoNames (CC BY 4.0).',
  noMap: 'Ніщо на цій сторінці не має місця на карті.',
  withoutScript: 'Без JavaScript карту не можна пересувати.',
  incidentsInWords: 'Ті самі події словами',
  yes: 'так',
  no: 'ні',
  none: 'немає',
  notGiven: 'не вказано',

  titles: {
    incidents: 'Події',
    regions: 'Регіони',
    claims: 'Твердження',
    sources: 'Джерела',
    places: 'Місця',
  },
  about: {
    incidents:
      'Удари: для кожного — від найменшої до найбільшої названої цифри і хто сказав останнім. Місце, відоме лише приблизно, показано площею, а не точкою.',
    regions:
      'Регіони першого рівня: їхні коди, хто і яким актом заявляє на них претензії, як відповіли міжнародні органи, датовані повідомлення про контроль. Територіальна претензія — не контроль.',
    claims:
      'Твердження про події: значення або опис, хто це сказав, коли про це повідомили і яке джерело це передало.',
    sources: 'Публікації, що передали твердження.',
    places: 'Покажчик населених пунктів із регіоном кожного.',
  },
  links: 'Також',

  landing: {
    lead: 'Удари російсько-української війни та регіони, на які претендує Росія: кожна цифра з тим, хто й коли її назвав, кожне місце з тим, наскільки точно воно відоме.',
    collections: 'Колекції',
    more: 'Також',
    definition: 'Опис API (OpenAPI 3.0)',
    conformance: 'Класи відповідності',
    collectionList: 'Усі колекції одним документом',
    matrixSets: 'Набори матриць тайлів',
    aggregate: 'Події за місяцями й типами',
    use: 'Як користуватися',
    useHint:
      'Кожна адреса цього API відповідає сторінкою в браузері й даними — програмам. QGIS і GDAL під’єднуються до адреси цієї сторінки як до OGC API.',
  },

  conformance: {
    title: 'Класи відповідності',
    hint: 'Частини стандартів OGC API, яких дотримується ця служба.',
  },

  collections: {
    title: 'Колекції',
    description: 'Словами API',
    browse: 'Переглянути',
    extent: 'Охоплення',
    space: 'У просторі',
    time: 'У часі',
    timeSpan: (first, last) => `${first} – ${last}`,
    licence: 'Ліцензія',
    systems: 'Системи координат',
    itemsAs: 'Усе як',
    tiles: 'Векторні тайли',
    aggregate: 'Кількості та суми',
  },

  items: {
    nothing: 'Нічого не знайдено.',
    shown: (returned, matched) =>
      returned === matched
        ? `усього ${number.format(matched)}`
        : `${number.format(returned)} з ${number.format(matched)} на цій сторінці`,
    next: 'Наступна сторінка',
    previous: 'Попередня сторінка',
    pages: 'Сторінки',
    results: 'Результати',
    filter: 'Фільтр',
    apply: 'Показати',
    reset: 'Скинути фільтр',
    any: 'Будь-що',
    without: (what) => `без умови «${what}»`,
    active: 'Відфільтровано',
    hints: {
      datetime: '2025-08-01/2025-08-07',
      count: '10.. або 1..5',
    },
    fields: {
      bbox: 'Рамка',
      datetime: 'Дати',
      type: 'Тип',
      country: 'Країна',
      region: 'Регіон',
      attacker: 'Нападник',
      target: 'Ціль',
      geo_precision: 'Місце відоме до',
      killed: 'Загинули',
      injured: 'Поранені',
      source: 'Джерело',
      q: 'Слова',
      incident: 'Подія',
      measure: 'Показник',
      claimant: 'Претензія держави',
      language: 'Мова',
      kind: 'Вид',
      filter: 'Фільтр CQL2',
      as_of: 'Стан запису на',
      known_by: 'Повідомлене до',
      geometry: 'Геометрія',
      crs: 'Координати в',
      limit: 'На сторінці',
      sortby: 'Упорядковано за',
    },
    columns: {
      incident: 'Подія',
      when: 'Коли',
      region: 'Регіон',
      codes: 'Коди',
      claimed: 'Претензія',
      claim: 'Твердження',
      who: 'Хто сказав',
      about: 'Про що',
      source: 'Джерело',
      publisher: 'Видавець',
      published: 'Опубліковано',
      language: 'Мова',
      place: 'Місце',
      population: 'Населення',
    },
    mapOf: {
      incidents: 'Карта подій із таблиці нижче',
      regions: 'Карта регіонів із таблиці нижче',
      claims: 'Карта місць, про які йдеться у твердженнях із таблиці нижче',
      sources: 'Карта',
      places: 'Карта місць із таблиці нижче',
    },
    latest: (value) => `останнє: ${value}`,
    since: (claimant, when) => `${claimant}, з ${when}`,
  },

  incident: {
    mapOf: (title) => `Карта: ${title}`,
    claims: 'Твердження',
    claimsHint: (claims, sources) =>
      `${count(claims, 'твердження', 'твердження', 'тверджень')} із ${count(sources, 'джерела', 'джерел', 'джерел')}, за показником і в порядку повідомлення. Нічого не усереднено; переглянуте пізніше лишається, лише блідішим.`,
    more: (n) => count(n, 'твердження', 'твердження', 'тверджень'),
    type: 'Тип',
    region: 'Регіон',
    dataset: 'Набір даних',
    noPoint: 'точного місця немає',
    openOnMap: 'Відкрити на карті',
    asRecord: 'Його запис в API',
    area: 'Його площа як GeoJSON',
    placeKnown: (place, precision) => `${place} (відомо до: ${precision})`,
    within: (distance) => `у межах приблизно ${distance}`,
  },

  region: {
    recognised: 'Визнано як',
    kind: 'Вид',
    incidents: 'Події в цьому регіоні',
    places: 'Місця в цьому регіоні',
    boundary: 'Межа',
    noBoundary: 'у цій колекції межі немає',
    codeSources: 'Джерела кодів',
    claimedBy: (who) => `претензія: ${who}`,
  },

  claim: {
    value: 'Значення',
    measure: 'Показник',
    scope: 'Про що',
    incident: 'Подія',
    account: 'Опис',
    status: 'Стан',
    remark: 'Примітка',
    responsibility: 'Відповідальність',
    cause: 'Причина',
    reported: 'Повідомлено',
    wholeIncident: 'подію загалом',
  },

  source: {
    address: 'Адреса',
    kind: 'Вид',
    kinds: { original: 'оригінал', syndicated: 'копія тексту агентства', aggregator: 'агрегатор' },
    carries: 'Передає текст',
    reliability: 'Надійність (літера Адміралтейства)',
    claims: 'Твердження з цього джерела',
    incidents: 'Події, про які воно повідомляє',
  },

  place: {
    geonames: 'Номер у GeoNames',
    coordinates: 'Довгота, широта',
    around: 'Події в його регіоні',
  },

  changes: {
    title: 'Зміни',
    hint: (since) => `Що додано, змінено й відкликано від ${since}.`,
    columns: { at: 'Коли', change: 'Зміна', record: 'Запис' },
    kinds: { added: 'додано', changed: 'змінено', withdrawn: 'відкликано' },
  },

  aggregate: {
    title: 'Кількості та суми подій',
    hint: (matched) =>
      `Усього ${count(matched, 'подія', 'події', 'подій')}. Суми — лише тих подій, для яких є цифра; не названа цифра — не нуль.`,
    by: 'За',
    byNothing: 'нічим: одна сума',
    dimensions: {
      day: 'День',
      days: 'Дні',
      week: 'Тиждень',
      month: 'Місяць',
      year: 'Рік',
      type: 'Тип',
      country: 'Країна',
      region: 'Регіон',
      attacker: 'Нападник',
      target: 'Ціль',
    },
    incidents: 'Події',
    total: 'Усі',
    notOne: 'охоплює кілька',
    sum: 'від найменшої до найбільшої',
    latest: 'остання',
    given: 'мають цифру',
    measure: { killed: 'Загинули', injured: 'Поранені' },
  },

  schemas: {
    queryables: 'За чим можна відбирати',
    sortables: 'За чим можна впорядковувати',
    schema: 'Що є в об’єктах',
    property: 'Властивість',
    description: 'Що це',
    values: 'Значення',
  },

  facets: 'Що лишив би кожен фільтр',

  tiles: {
    title: 'Набори тайлів',
    tileset: 'Набір тайлів',
    matrixSets: 'Набори матриць тайлів',
  },

  preview: {
    area: 'Крапками: відомо лише, що десь тут',
    disc: 'Коло: місце лежить десь у ньому',
    foot: 'Карта: Natural Earth · міста: GeoNames, CC BY 4.0',
  },

  problem: {
    title: (code) => problemTitles[code],
    back: 'До початку API',
    unknown: {
      incident: 'Такої події немає, або вона вже не є загальнодоступною.',
      region: 'Такого регіону немає.',
    },
  },
};
