/** The door to the web page. This page names what others may use. */

export { readPageFiles } from './pageFiles.ts';
