/** The estate for end-to-end tests. */
export { startEstate, type Estate, type EstateOptions } from './estate/start';
