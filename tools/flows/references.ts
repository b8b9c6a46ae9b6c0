import type { FlowValue } from '@switchboard/core/flows';

/** A piece of the flow's data that a parameter reads: `$.External.status`. */
export interface Reference {
  /** `External` for what the last Lambda answered, `Attributes` for the contact's, else the name itself. */
  namespace: string;
  /** Empty for `$.StoredCustomerInput`. */
  key: string;
}

/** All references within a value, in its order. */
export function referencesIn(value: FlowValue): Reference[] {
  return textsIn(value).flatMap((text) =>
    [...text.matchAll(/\$\.([A-Za-z]+)(?:\.([A-Za-z0-9_-]+))?/g)].map(([, namespace = '', key = '']) => ({
      namespace,
      key,
    })),
  );
}

/** All texts within a value, however deep. */
export function textsIn(value: FlowValue): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(value).flatMap(textsIn);
}
