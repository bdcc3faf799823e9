import type { Express } from 'express';

interface Layer {
  route?: { path: unknown; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

/** Every route of an app, those of its routers among them: `get /queries/:id/`. */
export function routesOf(app: Express): string[] {
  return [...walk((app.router as unknown as { stack: Layer[] }).stack)];
}

function* walk(stack: Layer[]): Generator<string> {
  for (const { route, handle } of stack) {
    if (route !== undefined) {
      for (const method of Object.keys(route.methods)) yield `${method} ${String(route.path)}`;
    } else if (handle.stack !== undefined) yield* walk(handle.stack);
  }
}
