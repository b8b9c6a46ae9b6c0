import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_FLOWS } from '#core/flows/index.ts';
import { root } from '#support/root.ts';
import { drawFlows } from '#tools/flows/draw/draw-flows.ts';

const folder = join(root, 'docs/pictures');
const pictures = drawFlows();

test('there is a picture of each flow and of how they hang together, and no other', () => {
  expect(readdirSync(folder).sort()).toEqual([...pictures.keys()].sort());
  expect([...pictures.keys()]).toEqual([...SHIPPED_FLOWS.map(({ name }) => `${name}.svg`), 'overview.svg']);
});

describe.each([...pictures])('%s', (file, svg) => {
  test('is what "npm run flows -- draw" draws now', () => {
    const path = join(folder, file);

    expect(existsSync(path) && readFileSync(path, 'utf8') === svg).toBe(true);
  });

  test('is well-formed, and loads and runs nothing', () => {
    expect(faultIn(svg)).toBeUndefined();
    expect(svg).not.toMatch(/<script|<image|<foreignObject|@import|@font-face|\shref=|\son\w+=/);
    expect([...svg.matchAll(/https?:[^"]*/g)].map(([url]) => url)).toEqual(['http://www.w3.org/2000/svg']);
  });

  test('says to a screen reader what it shows', () => {
    expect(svg).toMatch(/role="img" aria-labelledby="title description"/);
    expect(svg).toMatch(/<title id="title">[^<]+<\/title>\n<desc id="description">[^<]+<\/desc>/);
  });

  test('has colors for light and for dark', () => {
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
  });

  test('keeps every word inside the picture', () => {
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];

    expect(width).toBeLessThanOrEqual(2400);
    for (const [, x, y] of svg.matchAll(/<g transform="translate\((\S+) (\S+)\)">/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThan(width);
      expect(Number(y)).toBeLessThan(height);
    }
  });
});

test.each(SHIPPED_FLOWS.map(({ name, source }) => [name, source] as const))(
  'every action of %s is in its picture',
  (name, source) => {
    const words = new Set((pictures.get(`${name}.svg`) ?? '').match(/[\w-]+/g));

    expect(
      source.Actions.map(({ Identifier }) => Identifier).filter((identifier) => !words.has(identifier)),
    ).toEqual([]);
  },
);

test('the overview shows both ways in, and what a caller hears who waits', () => {
  const overview = pictures.get('overview.svg') ?? '';

  for (const words of ['A phone number', 'A direct number', 'while the caller']) {
    expect(overview).toContain(words);
  }
  expect(overview.match(/associated with/g)).toHaveLength(2);
});

/** What is not well-formed in XML of tags, attributes in double quotes and text, if anything. */
function faultIn(xml: string): string | undefined {
  const open: string[] = [];
  const part = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="(?:[^"<&]|&#\d+;)*")*)\s*(\/?)>|((?:[^<&]|&#\d+;)+)/y;
  for (let at = 0; at < xml.length; at = part.lastIndex) {
    part.lastIndex = at;
    const [whole, closing, name = '', attributes = '', empty] = part.exec(xml) ?? [];
    if (whole === undefined) return `Neither a tag nor text: ${xml.slice(at, at + 80)}`;
    const names = [...attributes.matchAll(/([\w:-]+)=/g)].map(([, one]) => one);
    if (new Set(names).size !== names.length) return `An attribute twice: ${whole}`;
    if (name !== '' && closing !== '' && open.pop() !== name) return `Closes what is not open: ${whole}`;
    if (name !== '' && closing === '' && empty === '') open.push(name);
  }
  return open.length === 0 ? undefined : `Never closed: ${open.join(', ')}`;
}

test.each(['<a><b></a></b>', '<a>', '<a x="1" x="2"/>', '<a>&</a>', '<a>5 < 6</a>'])(
  'the check of pictures sees the fault in %s',
  (xml) => expect(faultIn(xml)).toBeDefined(),
);
