import { registerHooks } from 'node:module';
import { BUNDLED } from './bundled.ts';

const folder = new URL('packages/', import.meta.url);

/** Lets our sources find them: `node --import action/dist/packages.js`. */
registerHooks({
  resolve: (specifier, context, next) =>
    BUNDLED.some((name) => name === specifier)
      ? { url: new URL(`${specifier}.js`, folder).href, format: 'module', shortCircuit: true }
      : next(specifier, context),
});
