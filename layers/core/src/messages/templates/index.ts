export { templateRoutes } from './routes.ts';
export { getTemplate } from './store.ts';
export { fill, parseTemplateName, type Template, textFor } from './template.ts';
