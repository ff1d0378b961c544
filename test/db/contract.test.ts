/** What both engines must do alike: the contract in server/db/database.ts. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sql, { join } from 'sql-template-tag';
import type { Database, Statement } from '../../server/db/database.ts';
import { engineLimits } from '../../server/db/embedded-engine.ts';
import { DatabaseError, type DatabaseErrorKind } from '../../server/db/errors.ts';
import { openTestDatabase } from '../helpers/database.ts';

const migrations = fileURLToPath(new URL('migrations', import.meta.url));
let database: Database;

before(async () => {
  const engine = { ...engineLimits, abandonedMs: 500 };
  database = await openTestDatabase({ migrations, settings: { engine } });
});
after(() => database.close());
beforeEach(async () => {
  await database.transaction('write', (session) => session.query(sql`DELETE FROM atlas.item`));
});

/** The only value of the only row. */
async function value(statement: Statement): Promise<unknown> {
  const [row = {}] = await database.query(statement);
  return Object.values(row)[0];
}

async function insert(id: number, label = `item ${id}`): Promise<void> {
  await database.transaction('write', (session) =>
    session.query(sql`INSERT INTO atlas.item (id, label) VALUES (${id}, ${label})`),
  );
}

function fails(kind: DatabaseErrorKind, code: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof DatabaseError, String(error));
    assert.equal(error.kind, kind);
    assert.equal(error.code, code);
    return true;
  };
}

describe('values', () => {
  const cases: [expression: string, expected: unknown][] = [
    ['7::smallint', 7],
    ['-7::integer', -7],
    ['9007199254740991::bigint', 9007199254740991],
    ['1.5::real', 1.5],
    ['0.1::float8', 0.1],
    ["'NaN'::float8", Number.NaN],
    ["'-Infinity'::float8", Number.NEGATIVE_INFINITY],
    ['12.340::numeric', 12.34],
    ['true', true],
    ['1 = 2', false],
    ["'Лозова'::text", 'Лозова'],
    ["''::text", ''],
    ['NULL::text', null],
    ["'ab'::varchar(9)", 'ab'],
    ["'x'::name", 'x'],
    ["'alarm'::api.mood", 'alarm'],
    ['\'{"a": [1, null]}\'::json', { a: [1, null] }],
    ["'null'::jsonb", null],
    ['\'"text"\'::jsonb', 'text'],
    ["'\\x00ff41'::bytea", new Uint8Array([0, 255, 65])],
    ["''::bytea", new Uint8Array()],
    ["'2025-08-05'::date", '2025-08-05'],
    ["'2025-08-05 02:45:00+03'::timestamptz", '2025-08-04T23:45:00Z'],
    ["'2025-08-05 02:45:00.120500Z'::timestamptz", '2025-08-05T02:45:00.1205Z'],
    ["'infinity'::timestamptz", 'infinity'],
    ["'2025-08-05 02:45'::timestamp", '2025-08-05 02:45:00'],
    [
      `ARRAY['a', 'b,"c\\d', NULL, 'NULL', '', '{}', ' x ', 'Київ']`,
      ['a', 'b,"c\\d', null, 'NULL', '', '{}', ' x ', 'Київ'],
    ],
    ["'{}'::text[]", []],
    ['ARRAY[1, NULL, -3]', [1, null, -3]],
    [
      'ARRAY[[1,2],[3,4]]',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["'[0:1]={1,2}'::integer[]", [1, 2]],
    ['ARRAY[1.5, 2]::float8[]', [1.5, 2]],
    ['ARRAY[true, false]', [true, false]],
    [`ARRAY['{"a":1}', '[2]']::jsonb[]`, [{ a: 1 }, [2]]],
    ["ARRAY['2025-08-05']::date[]", ['2025-08-05']],
    ["ARRAY['2025-08-05Z']::timestamptz[]", ['2025-08-05T00:00:00Z']],
    ["ARRAY['\\x01']::bytea[]", [new Uint8Array([1])]],
    ['int4range(1, 5)', '[1,5)'],
    ['ST_AsGeoJSON(ST_Point(36.3, 48.9, 4326))', '{"type":"Point","coordinates":[36.3,48.9]}'],
    ["encode(digest('a', 'sha1'), 'hex')", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
    ["unaccent('é') || similarity('abc', 'abc')", 'e1'],
  ];
  for (const [expression, expected] of cases) {
    test(expression, async () => {
      const actual = await value({ text: `SELECT ${expression}`, values: [] });
      assert.deepEqual(actual, expected);
      if (expected instanceof Uint8Array) {
        assert.equal(Object.getPrototypeOf(actual), Uint8Array.prototype);
      }
    });
  }

  test('an integer that a number cannot hold is refused', async () => {
    await assert.rejects(value(sql`SELECT 9007199254740993`));
    assert.equal(await value(sql`SELECT 1`), 1);
  });

  test('rows are in order, columns by name, and none is no row', async () => {
    assert.deepEqual(
      await database.query(sql`SELECT n AS a, n * 2 AS b FROM generate_series(1, 3) n`),
      [
        { a: 1, b: 2 },
        { a: 2, b: 4 },
        { a: 3, b: 6 },
      ],
    );
    assert.deepEqual(await database.query(sql`SELECT 1 WHERE false`), []);
  });

  test('a million characters and ten thousand rows come back whole', async () => {
    const text = 'Ї"\\ '.repeat(250_000);
    assert.equal(await value(sql`SELECT ${text}::text`), text);
    const rows = await database.query<{ n: number }>(
      sql`SELECT n FROM generate_series(1, 10000) n`,
    );
    assert.equal(rows.length, 10_000);
    assert.equal(rows.at(-1)?.n, 10_000);
  });

  test('text comes as bytes where they are asked for, all else as ever', async () => {
    const rows = await database.query({
      text: `SELECT n, repeat('Київ', n) AS text, NULL::text AS none, ARRAY['ї', NULL] AS list, n > 1 AS many
               FROM unnest($1::integer[]) AS n`,
      values: [[0, 1, 300_000]],
      asBytes: true,
    });
    const expected = [0, 1, 300_000].map((n) => ({
      n,
      text: Buffer.from('Київ'.repeat(n)),
      none: null,
      list: ['ї', null],
      many: n > 1,
    }));
    assert.deepEqual(
      rows.map(({ text, ...row }) => {
        assert.ok(text instanceof Uint8Array);
        return { ...row, text: Buffer.from(text) };
      }),
      expected.map(({ text, ...row }) => ({ ...row, text })),
    );
  });

  test('bytes of one statement leave the next as it is, errors too', async () => {
    const bytes = { text: `SELECT 'ї' AS text`, values: [], asBytes: true };
    await database.transaction('read', async (session) => {
      const [row] = await session.query<{ text: Uint8Array }>(bytes);
      assert.deepEqual(Buffer.from(row?.text ?? []), Buffer.from('ї'));
      assert.deepEqual(await session.query(sql`SELECT 'ї' AS text`), [{ text: 'ї' }]);
    });
    await assert.rejects(
      database.query({ text: `SELECT repeat('ї', 100000), 1 / 0`, values: [], asBytes: true }),
      fails('value', '22012'),
    );
    assert.equal(await value(sql`SELECT 'ї'`), 'ї');
  });
});

describe('parameters', () => {
  const cases: [type: string, given: unknown, expected: unknown][] = [
    ['text', 'a', 'a'],
    ['text', '', ''],
    ['text', null, null],
    ['text', `O'Brien"; DROP TABLE x; --`, `O'Brien"; DROP TABLE x; --`],
    ['integer', 5, 5],
    ['bigint', 2 ** 52, 2 ** 52],
    ['bigint', 7n, 7],
    ['float8', 1e-7, 1e-7],
    ['float8', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['numeric', 0.1, 0.1],
    ['boolean', true, true],
    ['boolean', false, false],
    ['date', '2025-08-05', '2025-08-05'],
    ['timestamptz', new Date(0), '1970-01-01T00:00:00Z'],
    ['jsonb', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['jsonb', JSON.stringify([{ a: 1 }]), [{ a: 1 }]],
    ['bytea', new Uint8Array([0, 1, 254]), new Uint8Array([0, 1, 254])],
    ['bytea', Buffer.from('abc').subarray(1), new Uint8Array([98, 99])],
    ['text[]', [], []],
    [
      'text[]',
      ['a', 'b"c', 'd\\e', 'f,g', '', 'NULL', null, '{x}'],
      ['a', 'b"c', 'd\\e', 'f,g', '', 'NULL', null, '{x}'],
    ],
    ['integer[]', [1, null, 3], [1, null, 3]],
    ['float8[]', [1.5, -2], [1.5, -2]],
    ['boolean[]', [true, false], [true, false]],
    [
      'integer[]',
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['jsonb[]', [{ a: 1 }, { b: 'x"y' }], [{ a: 1 }, { b: 'x"y' }]],
    ['bytea[]', [new Uint8Array([1])], [new Uint8Array([1])]],
    ['api.mood', 'calm', 'calm'],
  ];
  for (const [type, given, expected] of cases) {
    const shown = typeof given === 'bigint' ? `${given}n` : JSON.stringify(given);
    test(`${shown} as ${type}`, async () => {
      assert.deepEqual(await value({ text: `SELECT $1::${type}`, values: [given] }), expected);
    });
  }

  test('undefined is refused before it reaches the database', async () => {
    await assert.rejects(value(sql`SELECT ${undefined}::text`), TypeError);
    assert.equal(await value(sql`SELECT 1`), 1);
  });

  test('a batch in arrays, a batch in JSON', async () => {
    assert.deepEqual(
      await database.query(
        sql`SELECT * FROM unnest(${[1, 2]}::integer[], ${['a', null]}::text[]) AS t (id, label)`,
      ),
      [
        { id: 1, label: 'a' },
        { id: 2, label: null },
      ],
    );
    assert.deepEqual(
      await database.query(
        sql`SELECT * FROM jsonb_to_recordset(${JSON.stringify([{ id: 1, list: ['x'] }])}::jsonb)
              AS t (id integer, list text[])`,
      ),
      [{ id: 1, list: ['x'] }],
    );
  });

  test('a thousand parameters', async () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    assert.equal(
      await value(
        sql`SELECT sum(n) FROM (VALUES (${join(
          numbers.map((n) => sql`${n}::integer`),
          '), (',
        )})) v (n)`,
      ),
      499_500,
    );
  });

  test('text that PostgreSQL cannot hold is a value error', async () => {
    await assert.rejects(value(sql`SELECT ${'a\0b'}::text`), fails('value', '22021'));
    assert.equal(await value(sql`SELECT ${'a\ud800b'}::text`), 'a\ufffdb');
  });
});

describe('transactions', () => {
  test('what resolves is committed and seen by readers', async () => {
    const result = await database.transaction('write', async (session) => {
      await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`);
      return 'done';
    });
    assert.equal(result, 'done');
    assert.equal(await value(sql`SELECT label FROM api.item`), 'one');
  });

  test('what rejects is rolled back, with the same error', async () => {
    const error = new Error('changed my mind');
    await assert.rejects(
      database.transaction('write', async (session) => {
        await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`);
        throw error;
      }),
      error,
    );
    assert.equal(await value(sql`SELECT count(*) FROM api.item`), 0);
  });

  test('a failed statement cannot be committed by ignoring it', async () => {
    await assert.rejects(
      database.transaction('write', async (session) => {
        await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`);
        await session.query(sql`SELECT 1 / 0`).catch(() => undefined);
      }),
      fails('value', '22012'),
    );
    assert.equal(await value(sql`SELECT count(*) FROM api.item`), 0);
  });

  test('a failed statement behind a savepoint can be ignored', async () => {
    await database.transaction('write', async (session) => {
      await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`);
      await session.query(sql`SAVEPOINT attempt`);
      await session.query(sql`SELECT 1 / 0`).catch(() => undefined);
      await session.query(sql`ROLLBACK TO attempt`);
    });
    assert.equal(await value(sql`SELECT count(*) FROM api.item`), 1);
  });

  test('a constraint that is checked at the end rejects the transaction', async () => {
    await assert.rejects(
      database.transaction('write', (session) =>
        session.query(sql`INSERT INTO atlas.item (id, label, parent) VALUES (1, 'one', 9)`),
      ),
      fails('constraint', '23503'),
    );
    assert.equal(await value(sql`SELECT count(*) FROM api.item`), 0);
  });

  test('statements that nobody waited for still belong to the transaction', async () => {
    await database.transaction('write', async (session) => {
      for (const id of [1, 2, 3]) {
        void session.query(sql`INSERT INTO atlas.item (id, label) VALUES (${id}, ${`${id}`})`);
      }
    });
    assert.equal(await value(sql`SELECT count(*) FROM api.item`), 3);
  });

  test('a session is of no use after its transaction', async () => {
    const session = await database.transaction('write', async (inner) => inner);
    await assert.rejects(session.query(sql`SELECT 1`), /transaction is over/);
  });

  test('a statement without values may hold several; the rows are the last one’s', async () => {
    const rows = await database.transaction('write', (session) =>
      session.query({
        text: `INSERT INTO atlas.item (id, label) VALUES (1, 'a;b'); -- a comment; with a semicolon
               SELECT 1 AS x, 2 AS y; SELECT label FROM atlas.item;`,
        values: [],
      }),
    );
    assert.deepEqual(rows, [{ label: 'a;b' }]);
  });

  test('a writer sees only what is committed, a reader one state throughout', async () => {
    await insert(1);
    const count = sql`SELECT count(*)::integer AS n FROM api.item`;
    const counts = await database.transaction('read', async (session) => {
      const first = await session.query<{ n: number }>(count);
      // On the embedded engine the writer waits for its turn; on a server it does not.
      const write = insert(2);
      if (database.engine === 'server') await write;
      const second = await session.query<{ n: number }>(count);
      return { counts: [first[0]?.n, second[0]?.n], write };
    });
    await counts.write;
    assert.deepEqual(counts.counts, [1, 1]);
    assert.equal(await value(count), 2);
  });

  test('a transaction that pauses too long is rolled back and the next one served', async () => {
    const impatient = await openTestDatabase({ migrations, settings: { idleMs: 200 } });
    try {
      await assert.rejects(
        impatient.transaction('write', async (session) => {
          await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`);
          await new Promise(() => undefined);
        }),
        (error) => error instanceof DatabaseError && error.kind === 'timeout',
      );
      assert.deepEqual(await impatient.query(sql`SELECT id FROM api.item`), []);
    } finally {
      await impatient.close();
    }
  });
});

describe('rights', () => {
  const refused: [what: string, statement: Statement, code: string][] = [
    ['a table outside the public views', sql`SELECT * FROM atlas.item`, '42501'],
    ['the migrations', sql`SELECT * FROM public.schema_migration`, '42501'],
    ['passwords', sql`SELECT * FROM pg_authid`, '42501'],
    ['a server file', sql`SELECT pg_read_file('/etc/passwd')`, '42501'],
    ['a write', sql`INSERT INTO atlas.item (id, label) VALUES (1, 'x')`, '42501'],
    ['a new table', sql`CREATE TABLE public.x (a integer)`, '25006'],
    ['several statements', sql`SELECT 1; SELECT 2`, '42601'],
  ];
  for (const [what, statement, code] of refused) {
    const kind = code === '42601' ? 'statement' : 'refused';
    test(`a read is refused ${what}`, async () => {
      await assert.rejects(database.query(statement), fails(kind, code));
      await assert.rejects(
        database.transaction('read', (session) => session.query(statement)),
        // Inside a transaction the simple protocol is not used for readers either.
        fails(kind, code),
      );
    });
  }

  test('the owner writes after a read, and a read is still refused after a write', async () => {
    for (const id of [1, 2, 3]) {
      await insert(id);
      await assert.rejects(
        database.query(sql`SELECT 1 FROM atlas.item`),
        fails('refused', '42501'),
      );
      assert.equal(await value(sql`SELECT count(*) FROM api.item`), id);
    }
    assert.equal(await value(sql`SELECT current_user::text`), 'strike_atlas_reader');
  });

  test('settings of one caller do not reach the next', async () => {
    await database.transaction('write', (session) =>
      session.query(sql`SET LOCAL TimeZone = 'Europe/Kyiv'`),
    );
    assert.equal(await value(sql`SELECT current_setting('TimeZone')`), 'UTC');
    assert.equal(await value(sql`SELECT current_setting('transaction_read_only')`), 'on');
  });
});

describe('errors', () => {
  const cases: [
    statement: Statement,
    kind: DatabaseErrorKind,
    code: string,
    constraint?: string,
  ][] = [
    [
      sql`INSERT INTO atlas.item (id, label, amount) VALUES (1, 'x', 0)`,
      'constraint',
      '23514',
      'item_amount_positive',
    ],
    [
      sql`INSERT INTO atlas.item (id, label) VALUES (1, 'x'), (2, 'x')`,
      'constraint',
      '23505',
      'item_label_key',
    ],
    [sql`INSERT INTO atlas.item (id) VALUES (1)`, 'constraint', '23502'],
    [sql`SELECT ${'x'}::integer`, 'value', '22P02'],
    [sql`SELECT ${99999999999}::integer`, 'value', '22003'],
    [sql`SELECT 1 / 0`, 'value', '22012'],
    [sql`SELEC 1`, 'statement', '42601'],
    [sql`SELECT nothing`, 'statement', '42703'],
    [sql`SELECT ST_GeomFromText('POINT(')`, 'statement', 'XX000'],
  ];
  for (const [statement, kind, code, constraint] of cases) {
    test(`${statement.text} is ${kind} ${code}`, async () => {
      await assert.rejects(
        database.transaction('write', (session) => session.query(statement)),
        (error) => {
          fails(kind, code)(error);
          assert.ok(error instanceof DatabaseError);
          assert.equal(error.constraint, constraint);
          // The driver's wording is for the log only.
          assert.doesNotMatch(error.message, /item|column|syntax|zero|integer/);
          assert.ok(error.cause instanceof Error);
          return true;
        },
      );
    });
  }
});

describe('many callers', () => {
  test('each answer belongs to its question', async () => {
    const echo = async (n: number): Promise<void> => {
      const padding = 'x'.repeat((n * 7919) % 50_000);
      assert.deepEqual(
        await database.query(sql`SELECT ${n}::integer AS n, ${padding}::text AS padding`),
        [{ n, padding }],
      );
    };
    const write = (n: number): Promise<void> =>
      database.transaction('write', async (session) => {
        await session.query(sql`SELECT set_config('test.n', ${String(n)}, true)`);
        await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (${n}, ${`item ${n}`})`);
        await new Promise((resolve) => setImmediate(resolve));
        const [row] = await session.query(sql`SELECT current_setting('test.n') AS n`);
        assert.deepEqual(row, { n: String(n) });
        if (n % 3 === 0) throw new RangeError('every third');
      });
    const read = (n: number): Promise<void> =>
      database.transaction('read', async (session) => {
        const answers = await Promise.all(
          [n, n + 1, n + 2].map((m) => session.query(sql`SELECT ${m}::integer AS m`)),
        );
        assert.deepEqual(answers, [[{ m: n }], [{ m: n + 1 }], [{ m: n + 2 }]]);
      });
    const fault = async (n: number): Promise<void> => {
      await assert.rejects(database.query(sql`SELECT ${n}::integer / 0`), fails('value', '22012'));
    };
    const kinds = [echo, write, read, fault];
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => (kinds[n % kinds.length] ?? echo)(n)),
    );
    const rejected = results.filter((result) => result.status === 'rejected');
    for (const { reason } of rejected) assert.ok(reason instanceof RangeError, String(reason));
    const written = await database.query<{ id: number }>(sql`SELECT id FROM api.item ORDER BY id`);
    assert.equal(written.length + rejected.length, 25);
    assert.ok(written.every(({ id }) => id % 4 === 1 && id % 3 !== 0));
  });
});

describe('leaving and limits', () => {
  const slow = sql`SELECT count(*) FROM generate_series(1, 2000000000)`;

  test('an aborted signal runs nothing', async () => {
    const reason = new Error('gone');
    const signal = AbortSignal.abort(reason);
    await assert.rejects(database.query(sql`SELECT 1`, { signal }), reason);
    let hasRun = false;
    const work = async (): Promise<void> => {
      hasRun = true;
    };
    await assert.rejects(database.transaction('write', work, { signal }), reason);
    assert.equal(hasRun, false);
  });

  for (const where of ['statement', 'transaction', 'statement in a transaction'] as const) {
    test(`aborting a running ${where} rejects at once with its reason`, async () => {
      const leaver = new AbortController();
      const { signal } = leaver;
      const reason = new Error('gone');
      const running = {
        statement: () => database.query(slow, { signal }),
        transaction: () => database.transaction('read', (s) => s.query(slow), { signal }),
        'statement in a transaction': () =>
          database.transaction('read', (s) => s.query(slow, { signal })),
      }[where]();
      setTimeout(() => leaver.abort(reason), 300);
      const start = performance.now();
      await assert.rejects(running, reason);
      // A busy engine is at hand again soon; only the wait for the caller is immediate.
      if (where !== 'statement in a transaction') assert.ok(performance.now() - start < 1500);
      assert.equal(await value(sql`SELECT 1`), 1);
    });
  }

  test('an abort rolls the transaction back', async () => {
    const leaver = new AbortController();
    await assert.rejects(
      database.transaction(
        'write',
        async (session) => {
          await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`);
          leaver.abort(new Error('gone'));
          await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (2, 'two')`);
        },
        { signal: leaver.signal },
      ),
      /gone/,
    );
    assert.equal(await value(sql`SELECT count(*) FROM api.item`), 0);
  });

  test('a signal that is aborted later does nothing', async () => {
    const leaver = new AbortController();
    await database.query(sql`SELECT 1`, { signal: leaver.signal });
    leaver.abort();
    assert.equal(await value(sql`SELECT 1`), 1);
  });

  test('a statement over its limit is ended, and what was committed stays', async () => {
    const strict = await openTestDatabase({ migrations, settings: { statementMs: 1500 } });
    try {
      await strict.transaction('write', (session) =>
        session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`),
      );
      const isTimeout = (error: unknown): boolean =>
        error instanceof DatabaseError && error.kind === 'timeout';
      await assert.rejects(strict.query(slow), isTimeout);
      await assert.rejects(
        strict.transaction('write', async (session) => {
          await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (2, 'two')`);
          await session.query(slow);
        }),
        isTimeout,
      );
      assert.deepEqual(await strict.query(sql`SELECT id FROM api.item`), [{ id: 1 }]);
      await strict.transaction(
        'write',
        async (session) => {
          await session.query(sql`SELECT pg_sleep(2)`);
        },
        { statementMs: 20_000 },
      );
    } finally {
      await strict.close();
    }
  });

  test('a closed database refuses', async () => {
    const closed = await openTestDatabase({ migrations });
    const last = closed.query(sql`SELECT 1 AS n`);
    await closed.close();
    assert.deepEqual(await last, [{ n: 1 }]);
    await assert.rejects(
      closed.query(sql`SELECT 1`),
      (error) => error instanceof DatabaseError && error.kind === 'unavailable',
    );
  });
});
