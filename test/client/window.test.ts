import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { windowOf } from '../../client/panels/window.ts';

test('every row in sight is drawn, and few others', () => {
  const height = fc.integer({ min: 20, max: 100 });
  fc.assert(
    fc.property(
      fc.integer({ min: -3_000, max: 8_000_000 }),
      fc.integer({ min: 0, max: 2_000 }),
      height,
      fc.integer({ min: 0, max: 100_000 }),
      (above, sight, rowHeight, rows) => {
        const { first, end } = windowOf(above, sight, rowHeight, rows);
        assert.ok(first >= 0 && end <= rows);
        assert.ok(end - first <= sight / rowHeight + 24, `${first} to ${end}`);
        for (let row = 0; row < Math.min(rows, 400); row += 1) {
          const top = row * rowHeight - above;
          if (top + rowHeight > 0 && top < sight) assert.ok(row >= first && row < end);
        }
      },
    ),
  );
});
