/** A `bash` block of a document, and what the document says that it prints. */
export interface Example {
  /** The line of the document where the block begins. */
  line: number;
  script: string;
  /** From `json` blocks: each must be matched by some JSON that is printed. */
  json: unknown[];
  /** From `text` blocks: each line must be printed. */
  lines: string[];
}

interface Block {
  language: string;
  line: number;
  text: string;
}

/** The examples of a document. Blocks of answers belong to the last `bash` block above them. */
export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  for (const { language, line, text } of fences(markdown)) {
    const last = examples.at(-1);
    if (language === 'bash') examples.push({ line, script: text, json: [], lines: [] });
    else if (language === 'json') last?.json.push(JSON.parse(text));
    else if (language === 'text') last?.lines.push(...text.split('\n').filter(Boolean));
  }
  return examples;
}

/** Every fenced block, those inside of lists too. */
function fences(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let indent = '';
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^(\s*)```(\S*)/.exec(line);
    if (open === undefined && fence) {
      [, indent = ''] = fence;
      open = { language: fence[2] ?? '', line: index + 1, text: '' };
    } else if (open && fence) {
      blocks.push(open);
      open = undefined;
    } else if (open) {
      open.text += `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`;
    }
  }
  if (open) throw new Error(`The block at line ${open.line} is not closed.`);
  return blocks;
}

/** Every JSON object in a text that holds other things too. */
export function jsonIn(text: string): unknown[] {
  const found: unknown[] = [];
  for (let start = text.indexOf('{'); start >= 0; ) {
    const end = endOfObject(text, start);
    const value = end === undefined ? undefined : parsed(text.slice(start, end));
    if (value !== undefined) found.push(value);
    start = text.indexOf('{', value === undefined ? start + 1 : end);
  }
  return found;
}

function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '{') depth += 1;
    else if (!quoted && character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
