/**
 * What a reader's requests cost: `npm run bench`. Each of our answers is measured against a plain
 * implementation of the same request (plain.ts), in turn, in one run, on one PostGIS server
 * (BENCH_DATABASE_URL), at 10,000, 100,000 and 1,000,000 incidents, or those that SIZES names. The
 * databases are made once and kept.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { cpus } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { loadFiles } from '../geodata/load.ts';
import { migrate } from '../server/db/migrate.ts';
import { openServer } from '../server/db/server.ts';
import { root } from '../test/helpers/atlas.ts';
import { addIncidents } from './generate.ts';
import { preparePlain } from './plain.ts';

const server = process.env.BENCH_DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (server === undefined) throw new Error('BENCH_DATABASE_URL names no PostGIS server');
const serverUrl = server;
const sizes = (process.env.SIZES ?? '10000,100000,1000000').split(',').map(Number);
const rounds = Number(process.env.ROUNDS ?? 5);
/** Part of the names of the cases to measure; all when left out. */
const wanted = process.env.CASES ?? '';
const milliseconds = Number(process.env.SLICE_MS ?? 1_500);

// ---------------------------------------------------------------------------------------------
// What is asked: the same list of questions for both, made by chance that repeats itself

type Chance = (most: number) => number;

/** Numbers below `most` that look like chance, the same every time (Park and Miller's generator). */
function chance(seed: number): Chance {
  let state = seed;
  return (most) => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * most;
  };
}

interface Question {
  readonly ours: string;
  readonly plain: string;
}

interface Case {
  readonly name: string;
  /** How many times as fast as the plain one it is meant to be; undefined where no such thing is meant. */
  readonly aim?: number;
  readonly ask: (random: Chance, size: number) => Question;
  /** Which of our services answers, and how many ask at a time. */
  readonly from?: 'ours' | 'cold' | undefined;
  readonly against?: 'plain' | 'bare';
  readonly growing?: boolean;
}

const items = '/api/collections/incidents/items';
const tiles = '/api/collections/incidents/tiles/WebMercatorQuad';

function month(random: Chance): { from: string; until: string; last: string } {
  const year = 2022 + Math.floor(random(3));
  const number = Math.floor(random(12));
  const from = new Date(Date.UTC(year, number, 1));
  const until = new Date(Date.UTC(year, number + 1, 1));
  const last = new Date(until.getTime() - 86_400_000);
  return { from: day(from), until: day(until), last: day(last) };
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

function box(random: Chance, width: number, height: number): string {
  const west = 23 + random(15 - width);
  const south = 45.5 + random(6 - height);
  return [west, south, west + width, south + height].map((edge) => edge.toFixed(4)).join(',');
}

/** A tile over Ukraine. */
function tile(random: Chance, shallowest: number, deepest: number): string {
  const z = shallowest + Math.floor(random(deepest - shallowest + 1));
  const longitude = 22.2 + random(17.9);
  const latitude = 44.4 + random(7.9);
  const x = Math.floor(((longitude + 180) / 360) * 2 ** z);
  const sine = Math.sin((latitude * Math.PI) / 180);
  const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z);
  return `${z}/${y}/${x}`;
}

const types = ['drone_strike', 'missile_strike', 'shelling', 'airstrike', 'combined_strike'];

const oneFeature =
  (plain: string): Case['ask'] =>
  (random, size) => {
    const id = `made-${Math.floor(random(size))}`;
    return { ours: `${items}/${id}`, plain: `${plain}?id=${id}` };
  };

function aggregates(how: string, from: Case['from']): readonly Case[] {
  const growing = from === 'cold';
  const path = '/api/collections/incidents/aggregate';
  return [
    {
      name: `by day and type, everything, ${how}`,
      aim: 20,
      growing,
      from,
      ask: () => ({ ours: `${path}?by=day,type&sums=none`, plain: '/days' }),
    },
    {
      name: `by region, a year, against point in polygon, ${how}`,
      aim: 200,
      growing,
      from,
      ask: () => ({
        ours: `${path}?by=region&datetime=2023-01-01/2023-12-31&sums=none`,
        plain: '/regions?from=2023-01-01&until=2024-01-01',
      }),
    },
  ];
}

const cases: readonly Case[] = [
  // Pages and features are no bodies that are kept: each is made anew.
  {
    name: 'page of 1,000, box and month',
    aim: 4,
    growing: true,
    ask: (random) => {
      const bbox = box(random, 5, 3);
      const { from, until, last } = month(random);
      return {
        ours: `${items}?bbox=${bbox}&datetime=${from}/${last}&limit=1000`,
        plain: `/bbox?bbox=${bbox}&from=${from}&until=${until}&limit=1000`,
      };
    },
  },
  {
    name: 'page of 100, type and month',
    aim: 8,
    growing: true,
    ask: (random) => {
      const type = types[Math.floor(random(types.length))] ?? '';
      const { from, until, last } = month(random);
      return {
        ours: `${items}?type=${type}&datetime=${from}/${last}&limit=100`,
        plain: `/type?type=${type}&from=${from}&until=${until}&limit=100`,
      };
    },
  },
  {
    name: 'page of 100, small box, all dates',
    growing: true,
    ask: (random) => {
      const bbox = box(random, 0.1, 0.1);
      return {
        ours: `${items}?bbox=${bbox}&limit=100`,
        plain: `/sparse?bbox=${bbox}&limit=100`,
      };
    },
  },
  {
    name: 'one feature with its claims',
    aim: 2,
    growing: true,
    from: 'cold',
    ask: oneFeature('/full'),
  },
  {
    name: 'one feature, against a route that asks the database for nothing',
    from: 'cold',
    ask: oneFeature('/echo'),
  },
  {
    name: 'cold tile z5-z12, against all points',
    aim: 20,
    growing: true,
    from: 'cold',
    ask: (random) => {
      const address = tile(random, 5, 12);
      return { ours: `${tiles}/${address}`, plain: `/points/${address}` };
    },
  },
  {
    name: 'cold tile z5-z12, against equal content',
    aim: 4,
    from: 'cold',
    ask: (random) => {
      const address = tile(random, 5, 12);
      return { ours: `${tiles}/${address}`, plain: `/groups/${address}` };
    },
  },
  {
    name: 'cold tile z5-z12 of a month, against all points',
    from: 'cold',
    ask: (random) => {
      const address = tile(random, 5, 12);
      const { from, last } = month(random);
      return { ours: `${tiles}/${address}?datetime=${from}/${last}`, plain: `/points/${address}` };
    },
  },
  {
    name: 'warm tile, against a route that sends its bytes',
    aim: 0.5,
    against: 'bare',
    ask: () => ({ ours: `${tiles}/6/21/37`, plain: '/' }),
  },
  ...aggregates('made anew', 'cold'),
  ...aggregates('sent again until the data change', 'ours'),
];

// ---------------------------------------------------------------------------------------------
// How it is asked

// A connection that rested while the plain side took its time is not used again: the service may have closed it.
const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 20_000 });

interface Answer {
  readonly bytes: number;
  readonly firstByte: number;
  readonly whole: number;
}

async function ask(address: string, onBytes?: (count: number) => void): Promise<Answer> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(address, { agent }, (response) => {
      const firstByte = performance.now() - start;
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        onBytes?.(bytes);
      });
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode >= 300) reject(new Error(`${statusCode} for ${address}`));
        else resolve({ bytes, firstByte, whole: performance.now() - start });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

interface Slice {
  /** Answers a second. */
  readonly rate: number;
  readonly times: readonly number[];
  readonly largest: number;
}

/** Asks questions, so many at a time, until the slice is over; every question that began counts. */
async function slice(next: () => string, concurrency: number): Promise<Slice> {
  const times: number[] = [];
  let largest = 0;
  const start = performance.now();
  const askAll = async () => {
    while (performance.now() - start < milliseconds) {
      const { whole, bytes } = await ask(next());
      times.push(whole);
      largest = Math.max(largest, bytes);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, askAll));
  return { rate: times.length / ((performance.now() - start) / 1000), times, largest };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

interface Result {
  readonly ours: number;
  readonly plain: number;
  readonly ratio: number;
  /** Milliseconds of ours, one question at a time. */
  readonly median: number;
  readonly p99: number;
  readonly largest: number;
}

const atATime = 8;

async function measure(each: Case, ports: Ports, size: number): Promise<Result> {
  const from = ports[each.from ?? 'ours'];
  const against = ports[each.against ?? 'plain'];
  const questions = (seed: number) => {
    const random = chance(seed);
    return () => each.ask(random, size);
  };
  const ratios: number[] = [];
  const rates = { ours: [] as number[], plain: [] as number[] };
  const times: number[] = [];
  let largest = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const [one, other] = [questions(round + 1), questions(round + 1)];
    const ours = await slice(() => `${from}${one().ours}`, atATime);
    const plain = await slice(() => `${against}${other().plain}`, atATime);
    // The first round warms both up.
    if (round === 0) continue;
    ratios.push(ours.rate / plain.rate);
    rates.ours.push(ours.rate);
    rates.plain.push(plain.rate);
    times.push(...ours.times);
    largest = Math.max(largest, ours.largest);
  }
  const alone = questions(99);
  const { times: lone } = await slice(() => `${from}${alone().ours}`, 1);
  return {
    ours: quantile(rates.ours, 0.5),
    plain: quantile(rates.plain, 0.5),
    ratio: quantile(ratios, 0.5),
    median: quantile(lone, 0.5),
    p99: quantile(times, 0.99),
    largest,
  };
}

// ---------------------------------------------------------------------------------------------
// Where it is asked

async function database(size: number): Promise<string> {
  const name = `bench_${size}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const opened = await openServer(url.href);
  await migrate(opened, path.join(root, 'migrations'), () => undefined);
  if (rowCount === 0) {
    await loadFiles(opened, path.join(root, 'geodata'), () => undefined);
    const start = performance.now();
    await addIncidents(opened, size);
    console.log(`made ${name} in ${Math.round((performance.now() - start) / 1000)} s`);
  }
  await opened.close();
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  await preparePlain(owner);
  await owner.query('VACUUM ANALYZE');
  await owner.end();
  return url.href;
}

type Ports = Readonly<Record<'ours' | 'cold' | 'plain' | 'bare', string>>;

/** A message of the measured process. */
async function message<Content>(child: ReturnType<typeof fork>): Promise<Content> {
  const [content] = await once(child, 'message');
  return content;
}

async function withService(
  size: number,
  work: (ports: Ports, memory: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const child = fork(path.join(root, 'bench/service.ts'), {
    env: { ...process.env, DATABASE_URL: await database(size) },
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  const { ports } = await message<{ ports: Ports }>(child);
  const memory = async () => {
    child.send('memory');
    return (await message<{ memory: number }>(child)).memory;
  };
  child.send({ ready: `${tiles}/6/21/37` });
  await message(child);
  try {
    await work(ports, memory);
  } finally {
    child.send('end');
    await once(child, 'exit');
  }
}

// ---------------------------------------------------------------------------------------------
// What is said

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
const megabytes = (bytes: number): string => `${number(bytes / 1e6)} MB`;

const growth = new Map<string, string[]>();
const largestSize = Math.max(...sizes);

console.log(`# Measured ${day(new Date())}

Node ${process.version} on ${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, shared with PostgreSQL and the questioner;
${atATime} questions at a time, ${rounds} rounds in turn, medians. \`npm run bench\` makes this.
`);
for (const size of sizes) {
  await withService(size, async (ports, memory) => {
    const rest = await memory();
    const full = size === largestSize;
    if (full) {
      console.log(`## ${number(size)} incidents\n`);
      console.log('| | ours, 1/s | plain, 1/s | times | aim | median alone | p99 of 8 | largest |');
      console.log('|---|---|---|---|---|---|---|---|');
    }
    for (const each of cases) {
      if (!each.name.includes(wanted)) continue;
      if (!full && each.growing !== true) continue;
      const found = await measure(each, ports, size);
      if (each.growing === true) {
        growth.set(each.name, [...(growth.get(each.name) ?? []), `${number(found.median, 1)} ms`]);
      }
      if (!full) continue;
      const { ours, plain, ratio, median, p99, largest } = found;
      console.log(
        `| ${each.name} | ${number(ours)} | ${number(plain, 1)} | **${number(ratio, 1)}** | ${each.aim ?? ''} | ${number(median, 1)} ms | ${number(p99, 1)} ms | ${number(largest / 1000)} kB |`,
      );
    }
    if (!full || wanted !== '') return;
    console.log(
      `\nMemory of the service at rest: ${megabytes(rest)} (with the plain one in it).\n`,
    );
    console.log('| export of everything | first byte | whole | size | memory grew by |');
    console.log('|---|---|---|---|---|');
    for (const format of ['csv', 'geojsonseq', 'fgb']) {
      const before = await memory();
      let most = before;
      const watch = setInterval(async () => {
        most = Math.max(most, await memory());
      }, 500);
      const { firstByte, whole, bytes } = await ask(`${ports.ours}${items}?f=${format}`);
      clearInterval(watch);
      console.log(
        `| ${format} | ${number(firstByte)} ms | ${number(whole / 1000, 1)} s | ${megabytes(bytes)} | ${megabytes(most - before)} |`,
      );
    }
  });
}
console.log(`\n## Growth: median time alone, at ${sizes.map((size) => number(size)).join(', ')}\n`);
console.log(`| |${sizes.map((size) => ` ${number(size)} |`).join('')}`);
console.log(`|---|${sizes.map(() => '---|').join('')}`);
for (const [name, medians] of growth) console.log(`| ${name} | ${medians.join(' | ')} |`);
agent.destroy();
