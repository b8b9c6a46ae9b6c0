// Without the routes: a function of a call, which fills a template, does not load the router.
export { getTemplate } from './store.ts';
export { fill, parseTemplateName, type Template, textFor } from './template.ts';
