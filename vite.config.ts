import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';
import { customProperties, themes } from './client/map/theme.ts';

const themeModule = 'virtual:theme.css';

/** Hands the colours of `client/map/theme.ts` to the style sheet, so that each is written once. */
function themeColours(): Plugin {
  return {
    name: 'theme-colours',
    resolveId: (id) => (id === themeModule ? `\0${themeModule}` : null),
    load: (id) => {
      if (id !== `\0${themeModule}`) return null;
      const light = customProperties(themes.light);
      const dark = customProperties(themes.dark);
      return [
        `:root { color-scheme: light; ${light} }`,
        `@media (prefers-color-scheme: dark) { :root { color-scheme: dark; ${dark} } }`,
        `:root[data-theme='light'] { color-scheme: light; ${light} }`,
        `:root[data-theme='dark'] { color-scheme: dark; ${dark} }`,
      ].join('\n');
    },
  };
}

/** Begins to load, with the page, what its first script asks for as soon as it runs: the map. */
function mapWithThePage(): Plugin {
  return {
    name: 'map-with-the-page',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) =>
        Object.values(bundle)
          .filter((file) => file.type === 'chunk' && ['map', 'maplibre'].includes(file.name))
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
            injectTo: 'head',
          })),
    },
  };
}

/** Leaves each asset compressed beside itself, so that the server need not do it for each reader. */
function compressed(): Plugin {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  return {
    name: 'compressed',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (!/\.(?:js|css|geojson|svg)$/.test(file.fileName)) continue;
          const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          if (content.length < 1024) continue;
          const emit = (suffix: string, source: Buffer) =>
            this.emitFile({ type: 'asset', fileName: `${file.fileName}${suffix}`, source });
          emit('.br', brotliCompressSync(content, { params }));
          emit('.gz', gzipSync(content, { level: 9 }));
        }
      },
    },
  };
}

export default defineConfig({
  root: 'client',
  plugins: [preact({ devToolsEnabled: false }), themeColours(), mapWithThePage(), compressed()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    rollupOptions: {
      input: { index: 'client/index.html', embed: 'client/embed.html' },
      // MapLibre by itself: it changes less often than what we make of it.
      output: {
        codeSplitting: { groups: [{ name: 'maplibre', test: /node_modules\/maplibre-gl/ }] },
      },
    },
    target: 'es2022',
    // Basemap files stay files, which the browser caches by name.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    host: '127.0.0.1',
    fs: { allow: ['..'] },
    // Not `/api.ts`, which is a module of the client.
    proxy: { '^/api(?:[/?]|$)': 'http://127.0.0.1:8080' },
  },
});
