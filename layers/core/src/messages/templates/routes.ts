import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import type { MessageTable } from '#core/messages/table.ts';
import { NotFoundError } from '#core/platform/errors.ts';
import { pageParameters, readQuery } from '#core/platform/handlers/query-parameters.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { pageToken, placeIn } from '#core/platform/page-token.ts';
import { parseBody } from '#core/platform/validate.ts';
import { deleteTemplate, getTemplate, listTemplates, putTemplate, TEMPLATES_A_PAGE } from './store.ts';
import { parseTemplateName, parseTexts, placeholders, type Template } from './template.ts';

const body = v.object({ texts: v.unknown() });
const listParameters = v.object(pageParameters({ most: TEMPLATES_A_PAGE, usual: 50 }));
const LIST = ['templates'];

/** `/sms/templates` and `/sms/templates/{name}`, as docs/openapi.yaml describes them. */
export function templateRoutes(app: Router, table: MessageTable): void {
  app.get('/sms/templates', async ({ req }) => {
    const { limit, nextToken } = readQuery(req, listParameters);
    const { templates, next } = await listTemplates(table, { limit, after: placeIn(LIST, nextToken) });
    const more = next === undefined ? {} : { nextToken: pageToken(LIST, next) };
    return Response.json({ templates: templates.map(withParameters), ...more });
  });

  app.put('/sms/templates/:name', async ({ req, params }) => {
    const name = parseTemplateName(params.name ?? '');
    const template = { name, texts: parseTexts(parseBody(body, await readJson(req)).texts) };
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
