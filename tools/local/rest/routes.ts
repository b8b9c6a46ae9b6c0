import { objectAt, textAt } from '#tools/json.ts';
import type { Template } from '#tools/local/template/index.ts';

export interface Route {
  method: string;
  /** The path in the template: `/contacts/{contactId}`. */
  resource: string;
  functionName: string;
  apiKeyRequired: boolean;
}

export interface RouteMatch {
  route: Route;
  parameters: Record<string, string>;
}

/** The methods that the functions' `Api` events add to the REST API. */
export function apiRoutes(template: Template): Route[] {
  const api = template.ofType('AWS::Serverless::Api')[0];
  const keyRequired = objectAt(api?.properties, 'Auth').ApiKeyRequired === true;
  const routes: Route[] = [];
  for (const { logicalId, properties } of template.ofType('AWS::Serverless::Function')) {
    for (const event of Object.values(objectAt(properties, 'Events'))) {
      const settings = objectAt(event, 'Properties');
      if (objectAt({ event }, 'event').Type !== 'Api') continue;
      const own = objectAt(settings, 'Auth').ApiKeyRequired;
      routes.push({
        method: (textAt(settings, 'Method') ?? 'ANY').toUpperCase(),
        resource: textAt(settings, 'Path') ?? '/',
        functionName: logicalId,
        apiKeyRequired: typeof own === 'boolean' ? own : keyRequired,
      });
    }
  }
  return routes;
}

/** API Gateway prefers a literal segment to a parameter, and a parameter to a greedy one. */
export function matchRoute(routes: Route[], method: string, path: string): RouteMatch | undefined {
  const segments = path.split('/').slice(1);
  let best: { match: RouteMatch; rank: string } | undefined;
  for (const route of routes) {
    if (route.method !== method && route.method !== 'ANY') continue;
    const found = matchSegments(route.resource.split('/').slice(1), segments);
    if (found && (!best || found.rank < best.rank)) {
      best = { match: { route, parameters: found.parameters }, rank: found.rank };
    }
  }
  return best?.match;
}

function matchSegments(
  pattern: string[],
  segments: string[],
): { parameters: Record<string, string>; rank: string } | undefined {
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    const [, name, greedy] = /^\{([^+}]+)(\+)?\}$/.exec(part) ?? [];
    if (segment === undefined || (name && segment === '')) return undefined;
    if (name && greedy) {
      parameters[name] = segments.slice(index).map(decode).join('/');
      return { parameters, rank: `${rank}2` };
    }
    if (!name && part !== segment) return undefined;
    if (name) parameters[name] = decode(segment);
    rank += name ? '1' : '0';
  }
  return segments.length === pattern.length ? { parameters, rank } : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
