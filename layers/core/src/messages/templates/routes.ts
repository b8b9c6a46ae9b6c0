import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import { InvalidInputError, NotFoundError } from '../../platform/errors.ts';
import { checked } from '../../platform/fields.ts';
import { readJson } from '../../platform/http.ts';
import type { MessageTable } from '../table.ts';
import { deleteTemplate, getTemplate, listTemplates, putTemplate } from './store.ts';
import { parseTemplateName, parseTexts, placeholders, type Template } from './template.ts';

const body = v.object({ texts: v.unknown() });

/** `/sms/templates` and `/sms/templates/{name}`, as docs/openapi.yaml describes them. */
export function templateRoutes(app: Router, table: MessageTable): void {
  app.get('/sms/templates', async ({ req }) => {
    const { templates, next } = await listTemplates(table, afterOf(req));
    return Response.json({ templates: templates.map(withParameters), ...(next ? { next } : {}) });
  });

  app.put('/sms/templates/:name', async ({ req, params }) => {
    const name = parseTemplateName(params.name ?? '');
    const template = { name, texts: parseTexts(checked(body, await readJson(req)).texts) };
    await putTemplate(table, template);
    return Response.json(withParameters(template));
  });

  app.get('/sms/templates/:name', async ({ params }) => {
    const template = await getTemplate(table, parseTemplateName(params.name ?? ''));
    return Response.json(template ? withParameters(template) : missing());
  });

  app.delete('/sms/templates/:name', async ({ params }) => {
    const deleted = await deleteTemplate(table, parseTemplateName(params.name ?? ''));
    return deleted ? new Response(null, { status: 204 }) : missing();
  });
}

/** With the names of the parameters that it needs, which are the same in all languages. */
function withParameters({ name, texts }: Template) {
  return { name, texts, parameters: placeholders(Object.values(texts)[0] ?? '') };
}

function missing(): never {
  throw new NotFoundError('TEMPLATE_NOT_FOUND', 'There is no template of this name.', { field: 'name' });
}

function afterOf(request: Request): string | undefined {
  const parameters = new URL(request.url).searchParams;
  const unknown = [...parameters.keys()].find((name) => name !== 'after');
  if (unknown !== undefined) {
    throw new InvalidInputError('UNKNOWN_FIELD', 'The only query parameter is after.', { field: 'query' });
  }
  const after = parameters.get('after');
  return after === null ? undefined : parseTemplateName(after);
}
