// The routes are not exported here, so that flow-sms does not load the router.

export { fillText, parseTemplateName, selectText, type Template } from './template.ts';
export { getTemplate } from './template-store.ts';
