// What tools do with the stored opt-outs, beside what functions do.
export { type OptOutRotation, rotateOptOuts } from './opt-outs.ts';
