import path from 'node:path';

/** What the service is told from outside; made once, at start, and passed on as an argument. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** PostGIS server; without it the embedded engine keeps its data in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Streaming replicas of `databaseUrl` that are read from. */
  readonly readUrls: readonly string[];
  readonly dataDir: string;
  /** Address that readers use, without a slash at the end; unset, that of each request. */
  readonly publicUrl: string | undefined;
  readonly logLevel: LogLevel;
  /** Where `/metrics` is answered, apart from the service; unset, nowhere. */
  readonly metricsPort: number | undefined;
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One or more settings are wrong; the message has a line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings from environment variables.
 * @throws {ConfigError} with a line for every setting that is wrong.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const read = <Value>(name: string, fallback: Value, parse: (text: string) => Value): Value => {
    const text = environment[name];
    if (text === undefined || text === '') return fallback;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // An address of a database may hold a password.
      const given = name.startsWith('DATABASE_') ? '' : `is '${text}' and `;
      faults.push(`${name} ${given}${error.message}`);
      return fallback;
    }
  };
  const config: Config = {
    host: read('HOST', '127.0.0.1', parseHost),
    port: read('PORT', 8080, parsePort),
    databaseUrl: read<string | undefined>('DATABASE_URL', undefined, parseDatabaseUrl),
    readUrls: read<readonly string[]>('DATABASE_READ_URL', [], parseDatabaseUrls),
    dataDir: path.resolve(read('DATA_DIR', '.data', (text) => text)),
    publicUrl: read<string | undefined>('PUBLIC_URL', undefined, parsePublicUrl),
    logLevel: read<LogLevel>('LOG_LEVEL', 'info', parseLogLevel),
    metricsPort: read<number | undefined>('METRICS_PORT', undefined, parsePort),
  };
  if (config.readUrls.length > 0 && config.databaseUrl === undefined) {
    faults.push('DATABASE_READ_URL needs DATABASE_URL, the primary of its servers');
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config;
}

function parseHost(text: string): string {
  if (!/^[A-Za-z0-9.:_-]+$/.test(text)) {
    throw new RangeError('must be a host name or an address to listen on, such as 127.0.0.1');
  }
  return text;
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new RangeError('must be a whole number from 0 to 65535 (0 takes any free port)');
  }
  return Number(text);
}

function parseDatabaseUrl(text: string): string {
  if (!URL.canParse(text) || !/^postgres(?:ql)?:$/.test(new URL(text).protocol)) {
    throw new RangeError('must be like postgresql://user:password@host:5432/database');
  }
  return text;
}

function parseDatabaseUrls(text: string): readonly string[] {
  return text.split(',').map((url) => parseDatabaseUrl(url.trim()));
}

function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new RangeError('must be like https://atlas.example.org, without a query');
  }
  return url.href.replace(/\/+$/, '');
}

function parseLogLevel(text: string): LogLevel {
  const level = logLevels.find((candidate) => candidate === text);
  if (level === undefined) throw new RangeError(`must be one of ${logLevels.join(', ')}`);
  return level;
}
