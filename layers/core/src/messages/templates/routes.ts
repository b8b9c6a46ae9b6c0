import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import type { MessageTable } from '#core/messages/table.ts';
import { NotFoundError } from '#core/platform/errors.ts';
import { pageParameters, readQuery } from '#core/platform/handlers/query-parameters.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { createPageToken, readPageToken } from '#core/platform/page-token.ts';
import { parseBody } from '#core/platform/validate.ts';
import { parseTemplateName, parseTexts, placeholdersOf, type Template } from './template.ts';
import {
  deleteTemplate,
  getTemplate,
  listTemplates,
  MAX_TEMPLATE_PAGE_SIZE,
  putTemplate,
} from './template-store.ts';

const templateBody = v.object({ texts: v.unknown() });
const listParameters = v.object(pageParameters({ maxLimit: MAX_TEMPLATE_PAGE_SIZE, defaultLimit: 50 }));
const TEMPLATE_LIST = ['templates'];

/** `/sms/templates` and `/sms/templates/{name}`, as docs/openapi.yaml describes them. */
export function templateRoutes(app: Router, table: MessageTable): void {
  app.get('/sms/templates', async ({ req }) => {
    const { limit, nextToken } = readQuery(req, listParameters);
    const { templates, next } = await listTemplates(table, {
      limit,
      after: readPageToken(TEMPLATE_LIST, nextToken),
    });
    const more = next === undefined ? {} : { nextToken: createPageToken(TEMPLATE_LIST, next) };
    return Response.json({ templates: templates.map(toTemplateView), ...more });
  });

  app.put('/sms/templates/:name', async ({ req, params }) => {
    const name = parseTemplateName(params.name ?? '');
    const template = { name, texts: parseTexts(parseBody(templateBody, await readJson(req)).texts) };
    await putTemplate(table, template);
    return Response.json(toTemplateView(template));
  });

  app.get('/sms/templates/:name', async ({ params }) => {
    const template = await getTemplate(table, parseTemplateName(params.name ?? ''));
    return Response.json(template ? toTemplateView(template) : throwTemplateNotFound());
  });

  app.delete('/sms/templates/:name', async ({ params }) => {
    const deleted = await deleteTemplate(table, parseTemplateName(params.name ?? ''));
    return deleted ? new Response(null, { status: 204 }) : throwTemplateNotFound();
  });
}

/** Adds the names of the parameters, which are the same in all languages. */
function toTemplateView({ name, texts }: Template) {
  return { name, texts, parameters: placeholdersOf(Object.values(texts)[0] ?? '') };
}

function throwTemplateNotFound(): never {
  throw new NotFoundError(
    'TEMPLATE_NOT_FOUND',
    'There is no template with this name. List the templates with GET /sms/templates.',
    { field: 'name' },
  );
}
