import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Express } from 'express';
import Handlebars from 'handlebars';

import { projectRoot } from '../common/project-root.ts';
import { VIEW_HELPERS } from './view-helpers.ts';

const TEMPLATES = join(projectRoot, 'templates');

/**
 * Makes `res.render(name, model)` use `templates/pages/NAME.hbs` inside `templates/layout.hbs`.
 * Templates are read and compiled once; everything in them is escaped unless a helper says not to.
 */
export function useViews(app: Express, shared: Record<string, unknown>): void {
  const handlebars = Handlebars.create();
  handlebars.registerHelper(VIEW_HELPERS);
  for (const [name, source] of templatesIn('partials')) handlebars.registerPartial(name, source);
  const compile = (source: string) => handlebars.compile(source, { preventIndent: true });
  const layout = compile(readFileSync(join(TEMPLATES, 'layout.hbs'), 'utf8'));
  const pages = new Map([...templatesIn('pages')].map(([name, text]) => [name, compile(text)]));

  app.engine('hbs', (path, model: object, done) => {
    try {
      const page = pages.get(basename(path, '.hbs'));
      if (page === undefined) throw new Error(`no template ${path}`);
      const context = { ...shared, ...model };
      done(null, layout({ ...context, body: page(context) }));
    } catch (err) {
      done(err);
    }
  });
  app.set('views', join(TEMPLATES, 'pages'));
  app.set('view engine', 'hbs');
  app.enable('view cache');
}

function* templatesIn(folder: string): Generator<[name: string, source: string]> {
  for (const file of readdirSync(join(TEMPLATES, folder))) {
    if (!file.endsWith('.hbs')) continue;
    yield [basename(file, '.hbs'), readFileSync(join(TEMPLATES, folder, file), 'utf8')];
  }
}
