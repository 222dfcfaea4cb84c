/** What runs in the browser: pack → plan → outcome → ranking → sentences. Pure; the time is an argument. */
export * from './model/outcome';
export * from './model/pack';
export * from './model/plan';
export * from './model/diagnosis';
