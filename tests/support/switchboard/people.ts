import { createHash } from 'node:crypto';
import { type ConnectUser, userArn } from '#tools/local/emulators/index.ts';

/** Who works here. The first has asked for extension 1042; the names are for spelling. */
export const AGENTS = {
  ada: agent('Ada', 'Martin', '1042'),
  ben: agent('Ben', 'Okafor', '1050'),
  zoe: agent('Zoë', 'Müller', '1060'),
  anna: agent('Anna', 'Smith', '1071'),
  bert: agent('Bert', 'Smith', '1072'),
  cleo: agent('Cleo', 'Smith', '1073'),
  dora: agent('Dora', 'Smith', '1074'),
  kim: agent('Kim', 'Novak', '1081'),
  pat: agent('Pat', 'Novak', '1082'),
  uma: agent('Uma', 'Weiss', '1091'),
  una: agent('Una', 'Weiss', '1092'),
  uri: agent('Uri', 'Weiss', '1093'),
  /** Whom the directory still has and Connect no longer. */
  max: agent('Max', 'Gone', '1094'),
  eve: agent('Eve', 'Quill', '1095', { 'switchboard:unlisted': 'true' }),
};

/** Who is not there; the others are available. */
export const AT_LUNCH = AGENTS.dora;
export const LOGGED_OUT = AGENTS.anna;

/** Who calls. Each has a number of their own, but for the last two, who share one. */
export const CALLERS = {
  jane: {
    number: '+14155550100',
    contact: { firstName: 'Jane', lastName: 'Doe', language: 'en-US', attributes: { tier: 'vip' } },
  },
  tom: {
    number: '+14155550101',
    contact: { firstName: 'Tom', lastName: 'Reed', language: 'en-GB', agentId: AGENTS.ada.Id },
  },
  hans: { number: '+4930901820', contact: { firstName: 'Hans', lastName: 'Meier', language: 'de-DE' } },
  ana: { number: '+34911234567', contact: { firstName: 'Ana', lastName: 'Ruiz', language: 'es-ES' } },
  luc: { number: '+33142685300', contact: { firstName: 'Luc', lastName: 'Roux', language: 'fr-FR' } },
  kate: { number: '+442079460001', contact: { firstName: 'Kate', lastName: 'Hill', language: 'en' } },
  eva: { number: '+34911234568', contact: { firstName: 'Eva', lastName: 'Sanz', language: 'es' } },
  uwe: { number: '+4930901821', contact: { firstName: 'Uwe', lastName: 'Roth', language: 'DE' } },
  zoe: { number: '+33142685301', contact: { firstName: 'Zoe', lastName: 'Petit', language: 'fr' } },
  kenji: { number: '+81312345678', contact: { firstName: 'Kenji', lastName: 'Ito', language: 'ja-JP' } },
  /** Writes in capitals what others write in small letters. */
  vera: {
    number: '+14155550103',
    contact: { firstName: 'Vera', lastName: 'King', language: 'EN-us', attributes: { tier: 'VIP' } },
  },
  mary: { number: '+14155550150', contact: { firstName: 'Mary', lastName: 'Fox', language: 'en-US' } },
  paul: { number: '+14155550150', contact: { firstName: 'Paul', lastName: 'Fox', language: 'en-US' } },
} as const;

/** A number that no contact has. */
export const STRANGER = '+12125550199';
/** The main number, which leads to the flow `inbound`. */
export const MAIN_NUMBER = '+18005550199';
/** Ben's direct number, which leads to the flow `extension-transfer`. */
export const DIRECT_NUMBER = '+18005550142';

function agent(
  FirstName: string,
  LastName: string,
  extension: string,
  tags: Record<string, string> = {},
): ConnectUser {
  const Username = `${FirstName}.${LastName}`
    .normalize('NFD')
    .replace(/[^a-z.]/gi, '')
    .toLowerCase();
  const Id = idOf(Username);
  return {
    Id,
    Arn: userArn(Id),
    Username,
    IdentityInfo: { FirstName, LastName },
    PhoneConfig: { PhoneType: 'SOFT_PHONE' },
    RoutingProfileId: idOf('routing-profile'),
    SecurityProfileIds: [idOf('security-profile')],
    Tags: { 'switchboard:extension': extension, ...tags },
  };
}

/** A UUID that is always the same for a text. */
export function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
