/** Усі тексти інтерфейсу українською. */

import type { Texts } from './en.ts';

const number = new Intl.NumberFormat('uk-UA');
const day = new Intl.DateTimeFormat('uk-UA', { dateStyle: 'long' });
const plural = new Intl.PluralRules('uk');

function count(n: number, one: string, few: string, many: string): string {
  const form = plural.select(n);
  return `${number.format(n)} ${form === 'one' ? one : form === 'few' ? few : many}`;
}

const incidents = (n: number) => count(n, 'подія', 'події', 'подій');

function sumInWords(toll: string, highest: number | null, given: number, all: number): string {
  return highest === null
    ? `жодна не дає числа ${toll}`
    : `до ${number.format(highest)} ${toll}; число дають ${number.format(given)} з ${number.format(all)}`;
}

export const uk: Texts = {
  locale: 'uk-UA',
  number: (value) => number.format(value),

  app: {
    name: 'Strike Atlas',
    tagline: 'Удари та регіони, на які заявлено претензії. Кожна цифра — з джерелом.',
    skipToList: 'Перейти до списку подій',
    skipToPanel: 'Перейти до панелі',
    language: 'Мова',
    languageNames: { en: 'English', uk: 'Українська' },
    theme: 'Вигляд',
    themes: { system: 'Як у системі', light: 'Світлий', dark: 'Темний' },
  },

  map: {
    label: 'Карта подій. Список поруч містить ті самі події.',
    zoomIn: 'Наблизити',
    zoomOut: 'Віддалити',
    north: 'Повернути північ угору',
    fit: 'Показати всі результати на карті',
    fullScreen: 'На весь екран',
    fullScreenEnd: 'Вийти з повного екрана',
    metres: 'м',
    kilometres: 'км',
    failed: 'Цей браузер не може намалювати карту (немає WebGL 2).',
    failedHint: 'Список містить ті самі події.',
    claimLabel: (claimant, since, instrument) =>
      `${claimant} заявляє претензію з ${since}\n(не визнано: ${instrument})`,
    areaLabel: {
      district: 'район, точне місце невідоме',
      region: 'відомо лише області',
      country: 'відома лише країна',
    },
    more: (n) => `і ще ${number.format(n)}`,
    among: (n) => `Одна з ${count(n, 'події', 'подій', 'подій')} під цією позначкою`,
    sum: {
      killed: (highest, given, all) => sumInWords('загиблих', highest, given, all),
      injured: (highest, given, all) => sumInWords('поранених', highest, given, all),
    },
  },

  list: {
    label: 'Результати',
    count: incidents,
    onMap: (shown, matched) =>
      `Тут перші ${number.format(shown)} з ${number.format(matched)}; решта надходить.`,
    columns: {
      title: 'Подія',
      starts_at: 'Дата',
      region: 'Регіон',
      killed_highest: 'Загинули',
      injured_highest: 'Поранені',
    },
    figures: (killed, injured) =>
      [
        killed === null ? null : `загинули: ${killed}`,
        injured === null ? null : `поранені: ${injured}`,
      ]
        .filter((part) => part !== null)
        .join(', '),
    noFigures: 'про жертв не повідомляли',
    areaOnly: 'лише район',
    group: (n) => `${incidents(n)} у цьому місці`,
    groupHints: {
      site: 'Їхні точки збігаються: усі позначено на цьому об’єкті.',
      settlement: 'Їхні точки збігаються: про кожну відомо населений пункт, але не вулицю.',
      district: 'Про кожну відомо лише цей район; точка влучання невідома.',
      region: 'Про кожну відомо лише області; точка влучання невідома.',
      country: 'Про кожну відомо лише країну; точка влучання невідома.',
    },
  },

  filter: {
    label: 'Фільтр',
    dates: 'Дати',
    from: 'Від',
    to: 'До',
    types: 'Тип і його знак на карті',
    more: 'Більше фільтрів',
    chosen: (n) => `використано: ${number.format(n)}`,
    words: 'Слова в назві, місці або описі',
    wordsHint: 'Слова: Lozova, refinery…',
    names: {
      type: 'Тип',
      attacker: 'Нападник',
      target: 'Ціль',
      country: 'Країна',
      region: 'Регіон',
      killed: 'Загинули',
      injured: 'Поранені',
      geo_precision: 'Точність місця',
      source: 'Джерело',
    },
    find: (what) => `Шукати: ${what}`,
    nothingFound: 'Жодне не містить цих літер.',
    least: 'Щонайменше',
    most: 'Щонайбільше',
    tollHint:
      'Цифра від найменшої до найбільшої зачіпає проміжок; події без цифри не потрапляють ніколи.',
    active: 'Відфільтровано',
    clear: 'Скинути все',
    remove: (what) => `Прибрати: ${what}`,
    chips: {
      bbox: (value) => `у межах ${value}`,
      datetime: (value) => value,
      type: (value) => value,
      country: (value) => `країна: ${value}`,
      region: (value) => value,
      attacker: (value) => `нападник: ${value}`,
      target: (value) => `ціль: ${value}`,
      geo_precision: (value) => `місце відоме до: ${value}`,
      killed: (value) => `загинули: ${value}`,
      injured: (value) => `поранені: ${value}`,
      source: (value) => `джерело: ${value}`,
      q: (value) => `слова: ${value}`,
    },
    unassigned: 'Кілька регіонів або жодного',
    or: ' або ',
    interval: {
      one: (day) => day,
      between: (first, last) => `${first} – ${last}`,
      from: (day) => `від ${day}`,
      until: (day) => `до ${day}`,
    },
  },

  search: {
    label: 'Перейти до місця чи регіону',
    hint: 'Перейти: Лозова, Kharkiv…',
    results: (n) =>
      `Знайдено: ${count(n, 'місце чи регіон', 'місця й регіони', 'місць і регіонів')}`,
    none: 'Немає місця чи регіону з подібною назвою.',
    population: (n) => count(n, 'житель', 'жителі', 'жителів'),
    clear: 'Очистити пошук',
  },

  embed: {
    whole: 'Відкрити у Strike Atlas',
    claims: 'Заяви та джерела',
    list: 'Список',
    gestures: {
      keyed: 'Утримуйте Ctrl і прокручуйте, щоб змінити масштаб',
      mac: 'Утримуйте ⌘ і прокручуйте, щоб змінити масштаб',
      touch: 'Рухайте карту двома пальцями',
    },
  },

  paper: {
    everything: 'Усі записані події',
    facts: (n, on) => `${incidents(n)}, станом на ${day.format(on)}`,
    part: (shown, matched) => `Перші ${number.format(shown)} з ${number.format(matched)}.`,
    address: 'Цей вигляд:',
    fileName: 'strike-atlas-karta',
  },

  share: {
    link: 'Копіювати посилання',
    request: 'Запит API',
    download: 'Завантажити',
    embed: 'Копіювати код вбудовування',
    picture: 'Зображення карти (PNG)',
    print: 'Друк або PDF',
    pictureFailed: 'Не вдалося створити зображення.',
    copied: 'Скопійовано',
    copy: 'Копіювати',
    byHand: (what) => `${what}: скопіюйте цей текст`,
    hint: (n) => `Саме те, що показано: ${incidents(n)}.`,
    formats: {
      geojson: 'GeoJSON',
      csv: 'CSV для таблиць',
      parquet: 'GeoParquet для аналізу',
      fgb: 'FlatGeobuf для QGIS',
      geojsonseq: 'GeoJSON, послідовність записів',
      kml: 'KML для Google Earth',
      atom: 'Стрічка Atom: що нового',
      aggregate: 'CSV: кількість за місяцями й типами',
    },
  },

  timeline: {
    label: 'Шкала часу: події в часі. Потягніть, щоб вибрати дати.',
    unit: 'Події за',
    units: { day: 'День', week: 'Тиждень', month: 'Місяць' },
    first: 'Перший день',
    last: 'Останній день',
    keys: 'Стрілки пересувають на день, Page Up і Page Down — на тиждень.',
    all: 'Усі дати',
    bands: {
      day: (n) => `${incidents(n)}, про які відомо лише кілька днів: риски під стовпчиками`,
      week: (n) => `${incidents(n)}, про які відомо лише понад тиждень: риски під стовпчиками`,
      month: (n) => `${incidents(n)}, про які відомо лише понад місяць: риски під стовпчиками`,
    },
    someTime: 'у проміжку',
    moreBands: (n) => `і ще таких проміжків: ${number.format(n)}`,
    player: 'Програти в часі',
    play: 'Програти',
    pause: 'Зупинити',
    on: 'На крок уперед',
    back: 'На крок назад',
    mode: 'Що рухається',
    modes: { window: 'Вікно', cumulative: 'Наростання' },
    speed: 'Швидкість',
    times: (n) => `×${n}`,
    presets: 'Готові дати',
    own: 'Власні дати',
    recentLabel: 'До останнього дня в даних',
    recent: (n) => `Останні ${count(n, 'день', 'дні', 'днів')}`,
    calendarLabel: 'Календар',
  },

  legend: {
    label: 'Умовні знаки',
    types: 'Події за типом',
    cluster: 'Кілька подій; кільце показує типи',
    area: 'Відомий лише район, позначений крапками; це не точка влучання',
    uncertainty: 'Місце лежить десь у цьому колі',
    claim: 'Регіон, на який претендує Росія; не визнано',
    claimNote: 'Територіальна претензія — це не контроль. Контроль тут не показано.',
    labels: 'Назви міст, країн і морів',
    regions: 'Області України',
    heat: 'Де подій густо; відоме лише як район не враховано',
    more: 'Інші шари, розмір знаків',
    size: 'Розмір знаків',
    sizes: { incidents: 'Події', killed: 'Загиблі', injured: 'Поранені' },
    sizeSteps: 'Кроками, а не пропорційно.',
    sizeNote:
      'Сума найбільших чисел, які наводять заяви; знак окремої події росте так само. Подія без числа нічого не додає; – там, де числа немає.',
    show: (what) => `Показувати на карті: ${what}`,
    switches: {
      claims: 'Регіони з претензіями',
      regions: 'Області',
      heat: 'Густота',
      uncertainty: 'Невизначеність',
      labels: 'Назви місць',
    },
  },

  types: {
    drone_strike: 'Удар дронами',
    missile_strike: 'Ракетний удар',
    airstrike: 'Авіаудар',
    combined_strike: 'Комбінований удар',
    shelling: 'Обстріл',
    sabotage: 'Диверсія',
    other: 'Інше',
  },

  targets: {
    residential: 'житло',
    education: 'освіта',
    medical: 'медицина',
    rail: 'залізниця',
    port: 'порт',
    energy_power: 'електропостачання',
    energy_gas: 'газопостачання',
    oil_refinery: 'нафтопереробний завод',
    oil_depot: 'нафтобаза',
    industrial: 'промисловість',
    military: 'військові об’єкти',
    other: 'інше',
  },

  attackers: { RU: 'Росія', UA: 'Україна', unknown: 'невідомо' },

  precisions: {
    site: 'об’єкта',
    settlement: 'населеного пункту',
    district: 'району',
    region: 'області',
    country: 'країни',
  },

  measures: {
    killed: 'Загинули',
    injured: 'Поранені',
    children_killed: 'Загинули діти',
    children_injured: 'Поранені діти',
    drones_launched: 'Запущено дронів',
    drones_intercepted: 'Збито дронів',
    missiles_launched: 'Запущено ракет',
    missiles_intercepted: 'Збито ракет',
    buildings_damaged: 'Пошкоджено будівель',
    households_without_power: 'Домогосподарств без світла',
    customers_without_gas: 'Споживачів без газу',
    power_loss_percent: 'Втрата електропостачання',
    narrative: 'Опис',
  },

  counted: {
    killed: (value) => `загинули: ${value}`,
    injured: (value) => `поранені: ${value}`,
    children_killed: (value) => `загинули діти: ${value}`,
    children_injured: (value) => `поранені діти: ${value}`,
    drones_launched: (value) => `запущено дронів: ${value}`,
    drones_intercepted: (value) => `збито дронів: ${value}`,
    missiles_launched: (value) => `запущено ракет: ${value}`,
    missiles_intercepted: (value) => `збито ракет: ${value}`,
    buildings_damaged: (value) => `пошкоджено будівель: ${value}`,
    households_without_power: (value) => `домогосподарств без світла: ${value}`,
    customers_without_gas: (value) => `споживачів без газу: ${value}`,
    power_loss_percent: (value) => `втрата електропостачання: ${value}`,
    narrative: (value) => value,
  },

  values: {
    at_least: (value) => `щонайменше ${value}`,
    at_most: (value) => `щонайбільше ${value}`,
    about: (value) => `близько ${value}`,
    range: (low, high) => `${low}–${high}`,
    orMore: (value) => `${value} або більше`,
    percent: (value) => `${value}%`,
    none: 'без значення',
  },

  time: {
    night: (when) => `ніч, ${when}`,
    about: (when) => `приблизно ${when}`,
    between: (when) => `у проміжку ${when}`,
    wholeUnit: (when) => `${when}, день невідомий`,
    local: (text) => `${text} за місцевим часом`,
    undated: 'дата повідомлення невідома',
  },

  place: {
    site: (place, distance) => `${place}: об’єкт, з точністю близько ${distance}`,
    settlement: (place, distance) => `Десь у межах: ${place}, з точністю близько ${distance}`,
    district: (place, distance) =>
      `Відомий лише район: ${place}, з точністю близько ${distance}. Показано площею, а не точкою.`,
    region: (place) => `Відомі лише регіони: ${place}. Показано площею, а не точкою.`,
    country: (place) => `Відома лише країна: ${place}. Показано площею, а не точкою.`,
    point: (source) => `Показана точка: ${source}`,
    around: (source) => `Площу накреслено довкола: ${source}`,
  },

  incident: {
    label: 'Подія',
    close: 'Закрити',
    backToGroup: 'Назад',
    when: 'Коли',
    where: 'Де',
    struck: 'Уражено',
    attacker: 'Нападник',
    attackerNote: 'за даними джерел',
    figures: 'Цифри',
    figuresHint: 'Від найменшої до найбільшої з усіх заяв про цю подію. Нічого не усереднено.',
    noFigures: 'Про цю подію не повідомляли жодних цифр.',
    latest: 'Остання',
    values: 'Як повідомляли',
    times: (n) => count(n, 'заява', 'заяви', 'заяв'),
    claims: 'Заяви в порядку повідомлення',
    claimsHint: (claims, sources) =>
      `${count(claims, 'заява', 'заяви', 'заяв')} з ${count(sources, 'джерела', 'джерел', 'джерел')}`,
    undated: 'Дата повідомлення невідома',
    kinds: { original: '', syndicated: 'копія тексту агентства', aggregator: 'агрегатор' },
    statuses: { preliminary: 'попередньо', final: 'остаточно' },
    scopes: {
      incident: () => '',
      country: (name) => `для всієї країни${name === null ? '' : ` (${name})`}`,
      region: (name) => `для регіону${name === null ? '' : ` ${name}`}`,
      district: (name) => `лише для району${name === null ? '' : ` ${name}`}`,
      city: (name) => `лише для ${name === null ? 'міста' : `міста ${name}`}`,
      group: (name) => `лише для групи${name === null ? '' : `: ${name}`}`,
    },
    stances: {
      attributed_to: (party) => `Приписують: ${party}`,
      claimed_by: (party) => `Відповідальність узяла на себе сторона: ${party}`,
      denied_by: (party) => `Відповідальність заперечує сторона: ${party}`,
    },
    causes: { direct_hit: 'пряме влучання', debris: 'уламки' },
    cause: (cause) => `Причина: ${cause}`,
    relations: {
      revises: (what) => `уточнює: ${what}`,
      contradicts: (what) => `суперечить: ${what}`,
    },
    revised: 'згодом уточнено',
    notes: 'Примітки редакції',
    notesHint: 'Наші, не є заявою жодної сторони.',
    locations: 'Інші місця',
    related: 'Пов’язані події',
    incidentRelations: {
      part_of_wave: 'частина тієї самої хвилі',
      repeat_strike: 'повторний удар по тому самому об’єкту',
      not_same_as: 'не те саме, що',
    },
    identifiers: 'В інших реєстрах',
    sources: 'Джерела',
    sourcesHint: 'Видавець, дата, мова і чи текст власний.',
    elsewhere: 'лише про інше, див. заяви',
    claimsOf: (n) => `${count(n, 'заява', 'заяви', 'заяв')} таблицею`,
    reported: 'Повідомлено',
    value: 'Значення',
    saidBy: 'Хто сказав',
    conflict: 'суперечність',
    chart: (measure, n, first, last) =>
      `${measure}: як повідомляли від ${first} до ${last}, ${count(n, 'заява', 'заяви', 'заяв')}. Таблиця нижче каже те саме.`,
    positions: 'Що кажуть сторони',
    positionsHint: 'Заяви про те, хто це зробив, кожна від свого автора.',
    nearby: 'Події поблизу',
    nearbyHint: 'За відстанню між точками, які можуть позначати цілі населені пункти.',
    samePlace: 'та сама точка',
    cite: 'Цитувати й вставити',
    citeHint: (when) => `Запис від ${when}; посилання зберігає цей стан.`,
    citeForm: 'Форма',
    citeForms: { plain: 'Текст', bibtex: 'BibTeX', csl: 'CSL-JSON', embed: 'Вставка' },
    showOnMap: 'Показати на карті',
    asData: 'Як GeoJSON',
  },

  region: {
    label: 'Регіон',
    of: (country) => `Регіон, країна: ${country}`,
    codes: 'Коди',
    iso: 'ISO 3166-2',
    pcode: 'P-код OCHA',
    claim: (claimant, since) => `${claimant} заявляє претензію з ${since}`,
    claimUndated: (claimant) => `${claimant} заявляє претензію`,
    notRecognised: (instrument) => `Не визнано: ${instrument}`,
    act: 'Яким актом',
    answers: 'Міжнародна відповідь',
    votes: {
      in_favour: 'за',
      against: 'проти',
      abstained: 'утрималися',
      did_not_vote: 'не голосували',
    },
    control: 'Повідомлення про контроль',
    controlHint: 'Датовані заяви названих осіб, а не вимірювання. Вони розходяться.',
    share: (controller, share) => `${share} під контролем, сторона: ${controller}`,
    shareQualifiers: {
      approximate: 'близько',
      about: 'близько',
      at_least: 'щонайменше',
      more_than: 'понад',
      at_most: 'щонайбільше',
      almost: 'майже',
    },
    note: 'Примітка редакції',
    filter: 'Показати події в цьому регіоні',
    claimIsNotControl: 'Територіальна претензія — це не контроль.',
    boundaries: 'Межа: Natural Earth 1:10 млн',
    overTime: 'Події в часі',
    overTimeHint: {
      week: (n) => `${incidents(n)} в регіоні, за тижнями`,
      month: (n) => `${incidents(n)} в регіоні, за місяцями`,
    },
  },

  countries: { RU: 'Росія', UA: 'Україна', BY: 'Білорусь', MD: 'Молдова' },

  states: {
    loading: 'Завантажуємо події…',
    loadingIncident: 'Завантажуємо подію…',
    empty: 'Жодна подія не відповідає фільтру.',
    emptyHint: 'Послабте одну з умов:',
    without: (what) => `Без «${what}»`,
    emptyAnyway: 'Жодна умова не винна сама: послабте кілька або скиньте все.',
    unreachable: 'Сервер не відповідає.',
    busy: 'Сервер зайнятий або запускається.',
    offline: 'Пристрій не в мережі.',
    mapBehind: 'Карту не вдалося привести у відповідність до списку.',
    retrying: 'Пробуємо ще раз самі.',
    stale: (when) => `Показано стан на ${when}.`,
    retry: 'Спробувати зараз',
    noIncident: 'Такої події немає',
    noRegion: 'Такого регіону немає',
    notFound: 'За цією адресою немає події.',
    regionNotFound: 'За цією адресою немає регіону.',
    refused: (detail) => `Сервер відхилив запит: ${detail}`,
    unreadable:
      'Відповідь сервера не вдалося прочитати. Оновіть сторінку: можливо, вона змінилася.',
    fault: (parameter, value) => `Не застосовано: ${parameter}=${value}`,
    faultHint: 'Адреса містить фільтр, яким не можна скористатися.',
    dismiss: 'Сховати',
  },

  sheet: {
    label: 'Панель',
    larger: 'Збільшити панель',
    smaller: 'Зменшити панель',
    tabs: { list: 'Події', filter: 'Фільтр', time: 'Час', legend: 'Знаки' },
  },

  attribution: {
    short: 'Джерела: Natural Earth, GeoNames, указані публікації',
    basemap:
      'Суходіл, кордони й регіони: Natural Earth, суспільне надбання; Крим у складі України за A/RES/68/262',
    towns: 'Міста: GeoNames, CC BY 4.0',
    incidents: 'Події: власна добірка з указаних джерел, посилання при кожній заяві',
    claims:
      'Територіальні претензії та відповіді: резолюції Генеральної Асамблеї ООН і вказані джерела',
    software: 'Намальовано MapLibre GL JS (BSD-3-Clause)',
  },
};
