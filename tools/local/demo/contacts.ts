import { demoAgents } from './agents.ts';

export interface DemoContact {
  contactId: string;
  body: {
    firstName: string;
    lastName: string;
    language: string;
    identifiers: string[];
    agentId?: string;
    attributes: Record<string, string>;
    privateAttributes: Record<string, string>;
  };
}

const FIRST_NAMES = ['Alice', 'Bruno', 'Chen', 'Dora', 'Emil', 'Fatima', 'George', 'Hana', 'Ivan', 'Julia'];
const LAST_NAMES = ['Abel', 'Brown', 'Costa', 'Diaz', 'Evans', 'Fox', 'Garcia', 'Hill', 'Ito', 'Jones'];
const LANGUAGES = ['en-US', 'es-US', 'de-DE', 'fr-FR'];
const TIERS = ['standard', 'silver', 'gold'];

/** Each has the hundred numbers 555-0100 to 555-0199, which are reserved for fiction. */
const AREA_CODES = ['415', '212'];

/** The caller of the README's examples. */
function jane(): DemoContact {
  const agentId = demoAgents()[0]?.Id;
  return {
    contactId: 'jane',
    body: {
      firstName: 'Jane',
      lastName: 'Doe',
      language: 'en-US',
      identifiers: ['+14155550100', 'jane@example.com', 'twitter:@jane', 'ref:CRM-17'],
      ...(agentId ? { agentId } : {}),
      attributes: { tier: 'vip' },
      privateAttributes: { note: 'Prefers to be called in the morning' },
    },
  };
}

/** The same 200 contacts at every start, Jane first. */
export function demoContacts(): DemoContact[] {
  const contacts = AREA_CODES.flatMap((area, block) =>
    Array.from({ length: 100 }, (_, line) => createContact(area, line, block * 100 + line)),
  );
  contacts[0] = jane();
  return contacts;
}

function createContact(area: string, line: number, index: number): DemoContact {
  const firstName = pick(FIRST_NAMES, index);
  const lastName = pick(LAST_NAMES, Math.floor(index / FIRST_NAMES.length));
  const handle = `${firstName}.${lastName}.${index}`.toLowerCase();
  return {
    contactId: `demo-${String(index).padStart(3, '0')}`,
    body: {
      firstName,
      lastName,
      language: pick(LANGUAGES, index),
      identifiers: [
        `+1${area}555${String(100 + line).padStart(4, '0')}`,
        `${handle}@example.com`,
        `ref:DEMO-${index}`,
      ],
      attributes: { tier: pick(TIERS, index) },
      privateAttributes: {},
    },
  };
}

function pick<T>(list: T[], index: number): T {
  return list[index % list.length] as T;
}
