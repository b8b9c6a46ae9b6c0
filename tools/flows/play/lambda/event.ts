import { type Contact, customerEndpoint } from '#tools/flows/play/call.ts';

/** The event with which a flow invokes a function, as Connect documents it. */
export function createContactFlowEvent(
  contact: Contact,
  instanceArn: string,
  parameters: Record<string, string>,
) {
  const voice = contact.channel === 'VOICE';
  return {
    Name: 'ContactFlowEvent',
    Details: {
      ContactData: {
        Attributes: contact.attributes,
        Channel: contact.channel,
        ContactId: contact.id,
        CustomerEndpoint: customerEndpoint(contact),
        CustomerId: contact.customerId ?? null,
        Description: contact.description ?? null,
        InitialContactId: contact.initialId,
        InitiationMethod: voice ? 'INBOUND' : 'API',
        InstanceARN: instanceArn,
        LanguageCode: contact.languageCode,
        MediaStreams: { Customer: { Audio: null } },
        Name: contact.name ?? null,
        PreviousContactId: contact.previousId,
        Queue: contact.target ? { ARN: contact.target.arn, Name: contact.target.name } : null,
        References: {},
        SegmentAttributes: {
          'connect:Subtype': { ValueString: voice ? 'connect:Telephony' : 'connect:Chat' },
        },
        SystemEndpoint: voice ? { Address: contact.to, Type: 'TELEPHONE_NUMBER' } : null,
      },
      Parameters: parameters,
    },
  };
}
