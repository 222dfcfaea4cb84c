/** The estate for end-to-end tests. */
export { startEstate, type Estate } from './estate/start';
