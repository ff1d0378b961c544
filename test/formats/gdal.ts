import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExportedFeature } from '../../server/formats/feature.ts';

/** Names of the vector formats that the GDAL of this machine reads; undefined without a GDAL. */
export const gdalDrivers: string | undefined = (() => {
  const { status, stdout } = spawnSync('ogrinfo', ['--formats'], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
})();

/** Why a test with GDAL is left out, as `test` takes it. */
export function withoutGdal(driver = ''): string | false {
  if (gdalDrivers === undefined) return 'ogrinfo is not installed (Debian: gdal-bin)';
  return gdalDrivers.includes(driver) ? false : `this GDAL does not read ${driver}`;
}

const openOptions: Readonly<Record<string, readonly string[]>> = {
  csv: ['X_POSSIBLE_NAMES=longitude', 'Y_POSSIBLE_NAMES=latitude', 'KEEP_GEOM_COLUMNS=YES'],
};

/** The features that GDAL finds in a file; it must find nothing to warn of. */
export function readByGdal(content: Uint8Array, extension: string): readonly ExportedFeature[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'strike-atlas-formats-'));
  try {
    const file = path.join(directory, `file.${extension}`);
    writeFileSync(file, content);
    const options = (openOptions[extension] ?? []).flatMap((option) => ['-oo', option]);
    const { stdout, stderr } = spawnSync(
      'ogr2ogr',
      ['-f', 'GeoJSON', '/vsistdout/', file, ...options],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    assert.equal(stderr, '');
    // Some drivers find no layer in a file without features.
    const { features }: { features: ExportedFeature[] } = JSON.parse(stdout || '{"features":[]}');
    return features;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
