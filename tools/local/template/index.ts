export {
  AGENT_EVENT_STREAM_ARN,
  CONNECT_INSTANCE_ARN,
  INBOUND_TEXTS_TOPIC_ARN,
  LOCAL,
  PSEUDO_PARAMETERS,
} from './names.ts';
export { type Resource, readTemplate, type Template } from './read-template.ts';
