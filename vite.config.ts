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

export default defineConfig({
  root: 'client',
  plugins: [preact({ devToolsEnabled: false }), themeColours()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    rollupOptions: { input: { index: 'client/index.html', embed: 'client/embed.html' } },
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
