import { createHash } from 'node:crypto';
import { type ConnectUser, findAgentStatus, userArn } from '#tools/local/emulators/index.ts';

const NAMES = [
  'Ada Martin',
  'Ben Okafor',
  'Carla Rossi',
  'Daniel Kim',
  'Elif Demir',
  'Farid Haddad',
  'Grace Liu',
  'Hugo Bernard',
  'Ines Silva',
  'Jonas Müller',
  'Kavya Rao',
  'Liam Murphy',
  'Maya Cohen',
  'Noah Fischer',
  'Olga Novak',
  'Pedro Alvarez',
  'Quinn Taylor',
  'Rosa Jimenez',
  'Samir Khan',
  'Tessa de Vries',
  'Uma Patel',
  'Viktor Lind',
  'Wanda Kowalski',
  'Xavier Dubois',
  'Yuki Tanaka',
];

/** The agent in the examples of the README. */
const EXAMPLE_EXTENSION = '1042';

/** The same 25 agents at every start. The first one has a preferred extension. */
export function demoAgents(): ConnectUser[] {
  return NAMES.map((name, index) => {
    const [FirstName = '', ...rest] = name.split(' ');
    // Connect allows only ASCII letters in user names.
    const Username = name.toLowerCase().replaceAll('ü', 'ue').replaceAll(' ', '.');
    const Id = stableId(Username);
    return {
      Id,
      Arn: userArn(Id),
      Username,
      IdentityInfo: { FirstName, LastName: rest.join(' '), Email: `${Username}@example.com` },
      PhoneConfig: { PhoneType: 'SOFT_PHONE', AutoAccept: false, AfterContactWorkTimeLimit: 0 },
      RoutingProfileId: stableId('routing-profile'),
      SecurityProfileIds: [stableId('security-profile')],
      Tags: index === 0 ? { 'switchboard:extension': EXAMPLE_EXTENSION } : {},
    };
  });
}

/** The agents who are not available when the demo starts. */
const STATUS_BY_USERNAME: Readonly<Record<string, string>> = {
  'ben.okafor': 'Lunch',
  'hugo.bernard': 'Offline',
  'noah.fischer': 'Training',
  'viktor.lind': 'Offline',
};

/** The ID of the initial status of an agent. */
export function demoStatus({ Username }: ConnectUser): string {
  return findAgentStatus(STATUS_BY_USERNAME[Username] ?? 'Available')?.Id ?? '';
}

/** Derives a UUID from a text. */
export function stableId(text: string): string {
  const hex = createHash('sha256').update(`switchboard demo ${text}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
