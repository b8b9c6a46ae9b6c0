import { type CollectionTag, isCollection, Pair, parseDocument, Scalar, type ScalarTag, YAMLMap } from 'yaml';
import { isObject, type Json, type JsonObject } from '#tools/json.ts';

const SHORT_FORMS = [
  'And',
  'Base64',
  'Equals',
  'FindInMap',
  'GetAtt',
  'If',
  'Join',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
];

/** Reads CloudFormation's YAML; `!Sub x` becomes `{"Fn::Sub": "x"}`, as CloudFormation's own JSON has it. */
export function parseTemplate(text: string): JsonObject {
  const document = parseDocument(text, { customTags: intrinsicTags() });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault) throw new Error(`template.yaml: ${fault.message}`);
  const template = document.toJS() as Json;
  if (!isObject(template)) throw new Error('template.yaml is not an object.');
  return template;
}

function intrinsicTags(): (ScalarTag | CollectionTag)[] {
  const tags: (ScalarTag | CollectionTag)[] = [];
  for (const [tag, key] of [['Ref', 'Ref'], ['Condition', 'Condition'], ...SHORT_FORMS.map(longForm)]) {
    if (!tag || !key) continue;
    tags.push({
      tag: `!${tag}`,
      resolve: (value) => ({ [key]: tag === 'GetAtt' ? splitAtt(value) : value }),
    });
    for (const collection of ['seq', 'map'] as const) {
      tags.push({
        tag: `!${tag}`,
        collection,
        resolve(node, onError) {
          if (!isCollection(node)) onError(`!${tag} takes a list or a map here.`);
          const map = new YAMLMap();
          map.items.push(new Pair(new Scalar(key), node));
          return map;
        },
      });
    }
  }
  return tags;
}

function longForm(name: string): [string, string] {
  return [name, `Fn::${name}`];
}

function splitAtt(value: string): string[] {
  const dot = value.indexOf('.');
  return [value.slice(0, dot), value.slice(dot + 1)];
}
