import checkFixture from '#events/connect-check.json';
import fixture from '#events/connect-setup.json';
import { awaitResponse, type CustomResourceResponse } from '#tools/local/custom-resources/response.ts';
import type { FunctionResult } from './functions.ts';

export const SETUP_PROPERTIES = fixture.ResourceProperties;

/** Invokes functions by their logical IDs. */
interface Invoker {
  invoke(name: string, event: unknown): Promise<FunctionResult>;
}

/** Sends a request of CloudFormation to ConnectSetupFunction, and returns the response. */
export function requestSetup(
  { invoke }: Invoker,
  RequestType: 'Create' | 'Update' | 'Delete',
  properties: object = {},
  more: object = {},
): Promise<CustomResourceResponse> {
  const ResourceProperties = { ...SETUP_PROPERTIES, ...properties };
  const PhysicalResourceId = `${SETUP_PROPERTIES.ConnectInstanceArn}/switchboard/${SETUP_PROPERTIES.StackName}`;
  return awaitResponse(60_000, async (ResponseURL) => {
    const request = { ...fixture, RequestType, ResourceProperties, ResponseURL };
    const known = RequestType === 'Create' ? {} : { PhysicalResourceId };
    const { error } = await invoke('ConnectSetupFunction', { ...request, ...known, ...more });
    if (error) throw new Error(`${error.errorType}: ${error.errorMessage}`);
  });
}

/** The same for ConnectCheckFunction, with a Create. */
export function requestCheck({ invoke }: Invoker, properties: object = {}): Promise<CustomResourceResponse> {
  const ResourceProperties = { ...checkFixture.ResourceProperties, ...properties };
  return awaitResponse(60_000, async (ResponseURL) => {
    const { error } = await invoke('ConnectCheckFunction', {
      ...checkFixture,
      ResourceProperties,
      ResponseURL,
    });
    if (error) throw new Error(`${error.errorType}: ${error.errorMessage}`);
  });
}
